"""Load from the same machine: signed callbacks posted over kept-alive connections, in a loop or on schedule."""

TOKEN, AES_KEY, CORP = "benchtoken01", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "wwsimulated000001"
