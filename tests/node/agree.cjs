// Seals and opens callbacks with npm's @wecom/crypto, for tests/bot/test_cipher_agreement.py.
// Reads {aesKey, token, timestamp, nonce, seal: [[message, id], …], open: [cipher text, …]}, writes the same answered.
const { decrypt, encrypt, getSignature } = require("@wecom/crypto");

const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
const sealed = asked.seal.map(([message, id]) => {
  const encrypted = encrypt(asked.aesKey, message, id);
  return { encrypted, signature: getSignature(asked.token, asked.timestamp, asked.nonce, encrypted) };
});
const opened = asked.open.map((encrypted) => {
  const { message, id } = decrypt(asked.aesKey, encrypted);
  return { message, id, signature: getSignature(asked.token, asked.timestamp, asked.nonce, encrypted) };
});
process.stdout.write(JSON.stringify({ sealed, opened }));
