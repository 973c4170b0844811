"""微信客服: what customers write is read by cursor, and what they are told keeps to the platform's window."""
