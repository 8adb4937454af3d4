"""What people type: one click command a verb. No rule and no SQL lives here; all is asked of a `LiveLedger`."""
