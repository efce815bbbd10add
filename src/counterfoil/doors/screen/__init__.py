"""The room that both doors for people share: who asks, what a form must bring back, and how a page is made.

The till and the office stand on it. It knows no page of either and nothing of where they lie.

Rules
- A page works without a script; no inline script or style.
- A form is believed only from our own pages.
- What is unknown is never red, and never said to have failed.
"""
