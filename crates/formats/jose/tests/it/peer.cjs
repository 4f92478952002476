// The other side of the interoperability tests: one JSON command on stdin, one JSON answer on
// stdout. The first argument is the folder of the Node packages.
const { createRequire } = require('node:module');
const path = require('node:path');
const jose = createRequire(path.resolve(process.argv[2], 'x.js'))('jose');

const commands = {
  async decrypt({ key, token }) {
    const { plaintext, protectedHeader } = await jose.compactDecrypt(token, await jose.importJWK(key, 'RSA-OAEP-256'));
    return { text: Buffer.from(plaintext).toString(), header: protectedHeader };
  },
  async encrypt({ key, text, zip, kid }) {
    const header = { alg: 'RSA-OAEP-256', enc: 'A256GCM', kid, cty: 'application/json' };
    if (zip) header.zip = 'DEF';
    const publicKey = await jose.importJWK(key, 'RSA-OAEP-256');
    return { token: await new jose.CompactEncrypt(Buffer.from(text)).setProtectedHeader(header).encrypt(publicKey) };
  },
  async verify({ key, token }) {
    const { payload, protectedHeader } = await jose.compactVerify(token, await jose.importJWK(key, 'PS512'));
    return { text: Buffer.from(payload).toString(), header: protectedHeader };
  },
  async sign({ key, text, kid }) {
    const header = { alg: 'PS512', typ: 'secevent+jwt', kid };
    return { token: await new jose.CompactSign(Buffer.from(text)).setProtectedHeader(header).sign(await jose.importJWK(key, 'PS512')) };
  },
  async thumbprint({ key }) {
    return { thumbprint: await jose.calculateJwkThumbprint(key, 'sha256') };
  },
  async generate() {
    const { privateKey, publicKey } = await jose.generateKeyPair('PS512', { modulusLength: 2048, extractable: true });
    const name = { kid: 'made-by-node', alg: 'PS512' };
    return { private: { ...(await jose.exportJWK(privateKey)), ...name }, public: { ...(await jose.exportJWK(publicKey)), ...name } };
  },
};

let input = '';
process.stdin.on('data', (piece) => { input += piece; });
process.stdin.on('end', async () => {
  const request = JSON.parse(input);
  process.stdout.write(JSON.stringify(await commands[request.do](request)));
});
