"""Mail: hand one letter to the business's own mail server, never without encryption unasked."""

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage

from marketing_warehouse.credentials import Credentials
from marketing_warehouse.errors import ConfigError, MailUnavailableError, ReportNotSentError

MAIL = "mail"  # whose credentials are asked for: the connection `warehouse_mail`
PATIENCE_SECONDS = 30.0
ENCRYPTED_FROM_THE_START = 465
SUBMISSION = 587
SECURITIES = ("starttls", "ssl", "none")


@dataclass(frozen=True)
class Mail:
    """A letter with what is attached to it, PDF by file name."""

    to: tuple[str, ...]
    subject: str
    text: str
    attached: Mapping[str, bytes]


def send(mail: Mail, credentials: Credentials) -> None:
    """Send a letter through the server that the credentials name.

    Args:
        mail: the letter.
        credentials: `host`, and as needed `port` (587), `login`, `password`, `from` (the login),
            `security` (ssl on port 465, else starttls; `none` for a server on this machine).

    Raises:
        ConfigError: the credentials name no server or no sender.
        MailUnavailableError: the server did not answer; trying again later may help.
        ReportNotSentError: it refused the letter.
    """
    host, sender = server_and_sender(credentials)
    try:
        with _server(host, credentials) as server:
            if password := _told(credentials, "password"):
                server.login(_told(credentials, "login"), password)
            server.send_message(_message(mail, sender))
    except smtplib.SMTPResponseException as error:
        said = credentials.redacted(f"{error.smtp_code} {_words(error.smtp_error)}")
        kind = MailUnavailableError if 400 <= error.smtp_code < 500 else ReportNotSentError
        raise kind(_sentence(mail, host, said)) from None
    except smtplib.SMTPRecipientsRefused as error:
        refused = ", ".join(error.recipients)
        raise ReportNotSentError(_sentence(mail, host, f"it refuses {refused}")) from None
    except (OSError, smtplib.SMTPException) as error:
        said = credentials.redacted(str(error)) or type(error).__name__
        raise MailUnavailableError(_sentence(mail, host, said)) from None


def server_and_sender(credentials: Credentials) -> tuple[str, str]:
    """Return the mail server's host and the address that letters come from.

    Raises:
        ConfigError: nobody has said them.
    """
    host = _told(credentials, "host")
    sender = _told(credentials, "from") or _told(credentials, "login")
    if not host or "@" not in sender:
        raise ConfigError(
            "Nobody has said how to send mail: set AIRFLOW_CONN_WAREHOUSE_MAIL, such as "
            "smtp://user:password@mail.example.com:587?from=report@example.com."
        )
    return host, sender


def _server(host: str, credentials: Credentials) -> smtplib.SMTP:
    """Connect, encrypted unless the credentials say `none`."""
    port = int(_told(credentials, "port") or SUBMISSION)
    usual = "ssl" if port == ENCRYPTED_FROM_THE_START else "starttls"
    security = _told(credentials, "security") or usual
    if security not in SECURITIES:
        raise ConfigError(f"Mail's security is {security!r}; allowed: {', '.join(SECURITIES)}.")
    trusted = ssl.create_default_context()
    if security == "ssl":
        return smtplib.SMTP_SSL(host, port, timeout=PATIENCE_SECONDS, context=trusted)
    server = smtplib.SMTP(host, port, timeout=PATIENCE_SECONDS)
    if security == "starttls":
        server.starttls(context=trusted)
    return server


def _message(mail: Mail, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = ", ".join(mail.to)
    message["Subject"] = " ".join(mail.subject.split())
    message.set_content(mail.text)
    for name, content in mail.attached.items():
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return message


def _told(credentials: Credentials, field: str) -> str:
    return dict(credentials).get(field, "")


def _words(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said


def _sentence(mail: Mail, host: str, said: str) -> str:
    return (
        f"The report '{mail.subject}' could not be mailed through {host} ({said.rstrip('.')}). "
        "The marts are published all the same; the next load tries to send it again."
    )
