"""What is shown, apart from where: words, formats, colours and charts for every kind of reader.

The report in the browser, the printable one and the pictures for download are made of these parts.
Nothing here knows Streamlit; of the package it uses the doors for readers alone.
"""
