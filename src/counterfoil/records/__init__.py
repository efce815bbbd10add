"""Records: find payments, look at one with its timeline and proof."""
