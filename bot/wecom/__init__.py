"""The only code that speaks WeCom's formats: cipher, callbacks, calls, error codes."""
