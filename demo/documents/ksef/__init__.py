"""The national e-invoice: its XML, its verification code and two printed forms."""
