"""The API under ``/api/v1``: what programs take payments and look them up with.

The story
    A request brings a bearer key. The door looks the key up, holds its scope against the endpoint, reads query and body
    strictly into their shapes, asks one act, and answers in the endpoint's declared shape. ``endpoints`` is the one
    table: routes, OpenAPI (``/api/v1/openapi.json``) and the reference page (``/api/docs``) are all made from it.

Rules
- Every body, query and answer is a declared shape; unknown fields, fractions and doubled keys are refused.
- Ids are the caller's: a repeat is answered 200 from the record; what is still open is answered 202.
- A key sees its own merchant and its own shops; anything else is as if it were not there.
- Fault words are English unless ``?lang=zh-CN`` or ``Accept-Language`` asks for Chinese.
"""

from counterfoil.doors.api.routes import routes

__all__ = ["routes"]
