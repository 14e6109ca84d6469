"""Everything the functions and the voice node have in common.

The packages are ordered the way a lead travels; each imports only packages before it:

    kernel ‹ access | leads | costs | appointments ‹ campaigns ‹ calls ‹ conversation ‹ outcomes
    ‹ crm | messages | webhooks ‹ reports ‹ privacy

``adapters`` and ``storage`` face outward: vendors and PostgreSQL.
"""
