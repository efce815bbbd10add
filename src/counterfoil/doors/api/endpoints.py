"""All the endpoints, in the order the reference shows them."""

from typing import Final

from counterfoil.doors.api.checkpoint import CHECKPOINT
from counterfoil.doors.api.day_totals import DAY_TOTALS
from counterfoil.doors.api.export import EXPORT
from counterfoil.doors.api.find import FIND
from counterfoil.doors.api.proof import PROOF
from counterfoil.doors.api.receipt import PICTURE, RECEIPT
from counterfoil.doors.api.record import RECORD
from counterfoil.doors.api.refund import REFUND
from counterfoil.doors.api.show import SHOW
from counterfoil.doors.api.take import TAKE
from counterfoil.doors.api.totals import TOTALS
from counterfoil.doors.api.void import VOID
from counterfoil.doors.api.withdraw import WITHDRAW

BASE: Final = "/api/v1"
ENDPOINTS: Final = (
    TAKE,
    FIND,
    TOTALS,
    DAY_TOTALS,
    EXPORT,
    SHOW,
    RECORD,
    RECEIPT,
    PICTURE,
    WITHDRAW,
    VOID,
    REFUND,
    PROOF,
    CHECKPOINT,
)
