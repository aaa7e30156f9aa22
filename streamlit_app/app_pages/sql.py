"""SQL: ask the published marts anything, and harm nothing."""

from components import console, frame

from reporting.language import say

report = frame.open_page(say("SQL"), say("What do you want to know that no page answers?"))
console.ask_and_answer(report)
