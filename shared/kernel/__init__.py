"""Words every room uses: errors, ids, phone numbers, money, time."""
