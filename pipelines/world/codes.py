"""Names behind the small integers the simulation computes with; the recorder writes the names."""

from typing import Final

CHANNELS: Final = ("organic", "paid_search", "partner", "promo")
REGIONS: Final = ("AMER", "EMEA", "APAC")
CURRENCIES: Final = ("USD", "EUR", "JPY")
SEGMENTS: Final = ("consumer", "smb")
PLATFORMS: Final = ("web", "app")
PLANS: Final = ("basic", "plus", "pro")
CONTRACTS: Final = ("monthly", "annual")
PAYMENT_METHODS: Final = ("card", "debit", "invoice")
DECLINE_CODES: Final = ("insufficient_funds", "expired", "do_not_honor", "processor_error")
TICKET_CATEGORIES: Final = ("billing", "bug", "how_to", "cancellation")
END_REASONS: Final = ("voluntary", "nonpayment")

PROMO: Final = CHANNELS.index("promo")
APP: Final = PLATFORMS.index("app")
SMB: Final = SEGMENTS.index("smb")
PRO: Final = PLANS.index("pro")
MONTHLY: Final = CONTRACTS.index("monthly")
ANNUAL: Final = CONTRACTS.index("annual")
BILLING: Final = TICKET_CATEGORIES.index("billing")
CANCELLATION: Final = TICKET_CATEGORIES.index("cancellation")
NONPAYMENT: Final = END_REASONS.index("nonpayment")
