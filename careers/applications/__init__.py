"""From Apply to confirmed: what people send, kept whole, and what they are told."""
