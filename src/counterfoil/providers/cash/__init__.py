"""Cash (现金): no provider and no call; the money is in the drawer.

Void and refund are handed back over the counter.
"""
