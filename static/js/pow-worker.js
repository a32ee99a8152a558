// Solves an ALTCHA proof-of-work challenge (protocol 2); sends nothing if it cannot.

addEventListener("message", async ({ data }) => {
  if (!globalThis.crypto?.subtle) return;
  const challenge = JSON.parse(data);
  const solution = await solve(challenge.parameters);
  postMessage(btoa(JSON.stringify({ challenge, solution })));
});

async function solve({ nonce, salt, cost, keyLength, keyPrefix }) {
  const algorithm = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
  for (let counter = 0; ; counter++) {
    const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0]);
    new DataView(password.buffer).setUint32(password.length - 4, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hex(await crypto.subtle.deriveBits(algorithm, key, keyLength * 8));
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey };
  }
}

function bytes(text) {
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
}

function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
