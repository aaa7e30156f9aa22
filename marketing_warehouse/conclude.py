"""Conclude: say what a load came to, and fail it when anything was left out."""

from marketing_warehouse import journal
from marketing_warehouse.errors import IncompleteLoadError, WarehouseError
from marketing_warehouse.journal import Step
from marketing_warehouse.paths import Home


def conclude(home: Home, load_id: str) -> None:
    """End a load: fine when it published everything, an error that names what failed otherwise.

    Raises:
        IncompleteLoadError: the marts were published, but a source was left out, or the printed
            report could not be sent.
        WarehouseError: nothing was published.
    """
    with journal.step(home, load_id, "conclude"):
        steps = journal.read_steps(home, load_id)
        left_out = sources_left_out(steps)
        if not is_published(steps):
            raise WarehouseError(f"Nothing was published: {_why(steps, left_out)}")
        left_out |= sources_cut_short(steps)
        missing = [report_not_sent(steps)]
        if left_out:
            missing.insert(
                0,
                f"The marts were published without the news of {_listed(list(left_out))}: "
                + " ".join(left_out.values()),
            )
        if any(missing):
            raise IncompleteLoadError(" ".join(filter(None, missing)))


def is_published(steps: list[Step]) -> bool:
    """Say whether a load's publish step succeeded."""
    return any(step.step == "publish" and step.outcome == "ok" for step in steps)


def sources_left_out(steps: list[Step]) -> dict[str, str]:
    """Return the sources that could not be landed or loaded, each with its reason."""
    left_out = {
        step.source: step.message or "Landing broke off."
        for step in steps
        if step.step == "land" and step.source and step.outcome != "ok"
    }
    for step in steps:
        if step.step == "load":
            left_out |= step.details.get("refused", {})
    return left_out


def sources_cut_short(steps: list[Step]) -> dict[str, str]:
    """Return the sources that ended before they had told everything, each with its reason."""
    return {
        step.source: step.details["cut_short"]
        for step in steps
        if step.step == "land" and step.source and "cut_short" in step.details
    }


def report_not_sent(steps: list[Step]) -> str:
    """Return why the printed report was not made or sent, or nothing."""
    return next(
        (
            step.message or "The printed report broke off."
            for step in steps
            if step.step == "report" and step.outcome != "ok"
        ),
        "",
    )


def _why(steps: list[Step], left_out: dict[str, str]) -> str:
    """Return the sentences of the steps that failed, the cause first."""
    sentences = [
        step.message or f"The step {step.step} broke off."
        for step in steps
        if step.step not in ("land", "conclude") and step.outcome != "ok"
    ]
    sentences += [reason for reason in left_out.values() if reason not in " ".join(sentences)]
    reached = {step.step for step in steps}
    missing = [name for name in journal.STEPS if name not in (*reached, "land", "report")]
    return " ".join(sentences) or (
        f"these steps were not run: {_listed(missing)}; the log of the load says why."
    )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
