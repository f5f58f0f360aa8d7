// Configures panva/node-oidc-provider, an independent authorization server, for the interop tests: see README.md beside this folder.
//   node server.mjs DIR      keeps its files in DIR, and when its standard input ends removes DIR and ends
// Three listeners on 127.0.0.1, one process, ports by the environment or chosen by the system:
//   OP_HTTP_PORT   plain http, an issuer of its own
//   OP_HTTPS_PORT  https, another issuer; a client certificate is asked for, none is taken too, and our CA is named in the request
//   OP_MTLS_PORT   https, the same issuer (its mtls_endpoint_aliases point here); a client certificate is asked for, no CA is named
import * as crypto from 'node:crypto';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { Provider, errors } from 'oidc-provider';
import * as jose from 'jose';

const env = process.env;
const DIR = path.resolve(process.argv[2]);
const HOST = '127.0.0.1';
const PORT = { http: +(env.OP_HTTP_PORT ?? 0), https: +(env.OP_HTTPS_PORT ?? 0), mtls: +(env.OP_MTLS_PORT ?? 0) };
const ISS = {};
const state = { ttl: +(env.OP_TTL ?? 600) };

const A = 'https://api-a.rig.test'; // JWT RS256
const B = 'https://api-b.rig.test'; // opaque
const C = 'https://api-c.rig.test'; // JWT ES256, another key
const S = 'https://short.rig.test'; // opaque, lives OP_SHORT_TTL seconds
const RESOURCES = {
  [A]: { scope: 'a.read a.write', accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } },
  [B]: { scope: 'b.read b.write b.admin', accessTokenFormat: 'opaque' },
  [C]: { scope: 'c.read', accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } },
  [S]: { scope: 's.read', accessTokenFormat: 'opaque', ttl: +(env.OP_SHORT_TTL ?? 3) },
};

// ---------------------------------------------------------------- files: certificates and client keys, made once per DIR
fs.mkdirSync(path.join(DIR, 'tls'), { recursive: true });
fs.mkdirSync(path.join(DIR, 'keys'), { recursive: true });
const tls = (f) => path.join(DIR, 'tls', f);
const openssl = (...a) => execFileSync('openssl', a, { stdio: ['ignore', 'pipe', 'pipe'] });
const ec = (f) => openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', tls(f));
function makeCerts() {
  if (fs.existsSync(tls('done'))) return;
  ec('ca.key');
  openssl('req', '-x509', '-new', '-key', tls('ca.key'), '-days', '30', '-subj', '/CN=Rig Test CA', '-out', tls('ca.pem'),
    '-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign,cRLSign');
  const signed = (name, subj, ext) => {
    ec(`${name}.key`);
    fs.writeFileSync(tls(`${name}.ext`), ext);
    openssl('req', '-new', '-key', tls(`${name}.key`), '-subj', subj, '-out', tls(`${name}.csr`));
    openssl('x509', '-req', '-in', tls(`${name}.csr`), '-CA', tls('ca.pem'), '-CAkey', tls('ca.key'), '-CAcreateserial',
      '-days', '30', '-extfile', tls(`${name}.ext`), '-out', tls(`${name}.pem`));
  };
  const self = (name, subj) => {
    ec(`${name}.key`);
    openssl('req', '-x509', '-new', '-key', tls(`${name}.key`), '-days', '30', '-subj', subj, '-out', tls(`${name}.pem`),
      '-addext', 'extendedKeyUsage=clientAuth');
  };
  signed('server', '/CN=127.0.0.1', 'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\nkeyUsage=digitalSignature\n');
  signed('mtls-ca', '/C=US/O=Rig/CN=mtls-ca', 'subjectAltName=DNS:mtls-ca.rig.test\nextendedKeyUsage=clientAuth\nkeyUsage=digitalSignature\n');
  signed('mtls-ca-san', '/C=US/O=Rig/CN=anything', 'subjectAltName=DNS:san.rig.test,URI:spiffe://rig.test/svc\nextendedKeyUsage=clientAuth\nkeyUsage=digitalSignature\n');
  self('mtls-self', '/CN=mtls-self');
  self('pkjwt-p12', '/CN=pkjwt-p12');
  self('mtls-stranger', '/CN=nobody registered this');
  for (const n of ['mtls-ca', 'mtls-ca-san', 'mtls-self', 'mtls-stranger', 'pkjwt-p12']) {
    openssl('pkcs12', '-export', '-inkey', tls(`${n}.key`), '-in', tls(`${n}.pem`), '-passout', 'pass:rig', '-out', tls(`${n}.p12`));
  }
  fs.writeFileSync(tls('done'), new Date().toISOString());
}
makeCerts();
const pem = (f) => fs.readFileSync(tls(f), 'utf8');
const caCert = new crypto.X509Certificate(pem('ca.pem'));

// ---------------------------------------------------------------- listeners: bound first, because an issuer has its port in its name
const tlsBase = { key: pem('server.key'), cert: pem('server.pem'), requestCert: true, rejectUnauthorized: false };
const servers = { http: http.createServer(), https: https.createServer({ ...tlsBase, ca: pem('ca.pem') }), mtls: https.createServer(tlsBase) };
for (const [name, server] of Object.entries(servers)) {
  server.keepAliveTimeout = 30_000;
  await new Promise((ok, no) => { server.once('error', no); server.listen(PORT[name], HOST, ok); });
  PORT[name] = server.address().port;
}
ISS.http = `http://${HOST}:${PORT.http}`;
ISS.https = `https://${HOST}:${PORT.https}`;

const GEN = {
  RSA: () => crypto.generateKeyPairSync('rsa', { modulusLength: 2048 }),
  EC: () => crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EC384: () => crypto.generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  EC521: () => crypto.generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  OKP: () => crypto.generateKeyPairSync('ed25519'),
};
function keyFile(name, kind, alg) { // private key as PKCS#8 PEM and as JWK; returns private JWK
  const f = path.join(DIR, 'keys', `${name}.pem`);
  if (!fs.existsSync(f)) fs.writeFileSync(f, GEN[kind]().privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const jwk = { ...crypto.createPrivateKey(fs.readFileSync(f)).export({ format: 'jwk' }), kid: name, use: 'sig', ...(alg ? { alg } : {}) };
  fs.writeFileSync(path.join(DIR, 'keys', `${name}.jwk.json`), JSON.stringify(jwk, null, 1), { mode: 0o600 });
  return jwk;
}
const pub = (jwk) => { const { d, p, q, dp, dq, qi, ...rest } = jwk; return rest; };

// ---------------------------------------------------------------- clients
const SPECIAL_ID = 'svc:p@y/r d+%&=';
const SPECIAL_SECRET = 'p@ss:w/ rd+%&=~!"#?';
const common = { redirect_uris: [], response_types: [], grant_types: ['client_credentials'] };
const pk = (id, kind, alg) => {
  const k = keyFile(id, kind, alg);
  return { client_id: id, token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: alg, jwks: { keys: [pub(k)] }, rig: { key: `keys/${id}.pem`, jwk: `keys/${id}.jwk.json`, alg, kid: id } };
};
const x5c = (f) => [new crypto.X509Certificate(pem(f)).raw.toString('base64')];
const certJwk = (f) => ({ ...new crypto.X509Certificate(pem(f)).publicKey.export({ format: 'jwk' }), x5c: x5c(f), use: 'sig', kid: f });
const CLIENTS = [
  { client_id: 'basic', client_secret: 'basic-secret-0123456789', token_endpoint_auth_method: 'client_secret_basic' },
  { client_id: SPECIAL_ID, client_secret: SPECIAL_SECRET, token_endpoint_auth_method: 'client_secret_basic' },
  { client_id: 'rotating', client_secret: 'rotating-secret-1', token_endpoint_auth_method: 'client_secret_basic' },
  { client_id: 'post', client_secret: 'post-secret-0123456789', token_endpoint_auth_method: 'client_secret_post' },
  { client_id: 'post&special=1', client_secret: 'a&b=c+d%20 e', token_endpoint_auth_method: 'client_secret_post' },
  { client_id: 'hs256-jwt', client_secret: 'hs256-shared-secret-of-at-least-32-bytes', token_endpoint_auth_method: 'client_secret_jwt', token_endpoint_auth_signing_alg: 'HS256' },
  { client_id: 'hs384-jwt', client_secret: 'hs384-shared-secret-of-at-least-48-bytes-0123456789', token_endpoint_auth_method: 'client_secret_jwt', token_endpoint_auth_signing_alg: 'HS384' },
  { client_id: 'hs512-jwt', client_secret: 'hs512-shared-secret-of-at-least-64-bytes-0123456789-0123456789-0123456789', token_endpoint_auth_method: 'client_secret_jwt', token_endpoint_auth_signing_alg: 'HS512' },
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'].map((alg) => pk(`pkjwt-${alg.toLowerCase()}`, 'RSA', alg)),
  pk('pkjwt-es256', 'EC', 'ES256'),
  pk('pkjwt-es384', 'EC384', 'ES384'),
  pk('pkjwt-es512', 'EC521', 'ES512'),
  { client_id: 'pkjwt-p12', token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256', jwks: { keys: [certJwk('pkjwt-p12.pem')] }, rig: { p12: 'tls/pkjwt-p12.p12', p12Password: 'rig', alg: 'ES256' } },
  pk('pkjwt-eddsa', 'OKP', 'EdDSA'),
  { client_id: 'mtls-ca', token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: 'CN=mtls-ca,O=Rig,C=US', tls_client_certificate_bound_access_tokens: true, rig: { cert: 'tls/mtls-ca.pem', certKey: 'tls/mtls-ca.key', p12: 'tls/mtls-ca.p12', p12Password: 'rig' } },
  { client_id: 'mtls-ca-san', token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'san.rig.test', tls_client_certificate_bound_access_tokens: true, rig: { cert: 'tls/mtls-ca-san.pem', certKey: 'tls/mtls-ca-san.key', p12: 'tls/mtls-ca-san.p12', p12Password: 'rig' } },
  { client_id: 'mtls-self', token_endpoint_auth_method: 'self_signed_tls_client_auth', tls_client_certificate_bound_access_tokens: true, jwks: { keys: [certJwk('mtls-self.pem')] }, rig: { cert: 'tls/mtls-self.pem', certKey: 'tls/mtls-self.key', p12: 'tls/mtls-self.p12', p12Password: 'rig' } },
  // authenticates by secret, but its tokens are bound to whatever certificate the connection carries
  { client_id: 'basic-certbound', client_secret: 'certbound-secret-01234', token_endpoint_auth_method: 'client_secret_basic', tls_client_certificate_bound_access_tokens: true, rig: { cert: 'tls/mtls-ca.pem', certKey: 'tls/mtls-ca.key', p12: 'tls/mtls-ca.p12', p12Password: 'rig' } },
  { client_id: 'public', token_endpoint_auth_method: 'none' },
  { client_id: 'dpop', client_secret: 'dpop-secret-0123456789', token_endpoint_auth_method: 'client_secret_basic', dpop_bound_access_tokens: true },
  { client_id: 'dpop-nonce', client_secret: 'dpop-nonce-secret-0123', token_endpoint_auth_method: 'client_secret_basic', dpop_bound_access_tokens: true, rig: { dpopNonce: true } },
  { ...pk('dpop-pkjwt', 'EC', 'ES256'), dpop_bound_access_tokens: true, rig: { key: 'keys/dpop-pkjwt.pem', jwk: 'keys/dpop-pkjwt.jwk.json', alg: 'ES256', kid: 'dpop-pkjwt', dpopNonce: true } },
  { client_id: 'limited', client_secret: 'limited-secret-0123456', token_endpoint_auth_method: 'client_secret_basic', scope: 'rig.read' },
  { client_id: 'nogrant', client_secret: 'nogrant-secret-0123456', token_endpoint_auth_method: 'client_secret_basic', grant_types: ['authorization_code'], response_types: ['code'], redirect_uris: ['https://nogrant.rig.test/cb'] },
  { client_id: 'expired-secret', client_secret: 'expired-secret-0123456', client_secret_expires_at: 1, token_endpoint_auth_method: 'client_secret_basic' },
  { client_id: 'rs', client_secret: 'rs-secret-01234567890', token_endpoint_auth_method: 'client_secret_basic' }, // for introspection
].map((c) => ({ ...common, ...c }));
const nonceClients = new Set(CLIENTS.filter((c) => c.rig?.dpopNonce).map((c) => c.client_id));

// ---------------------------------------------------------------- storage: one map for both issuers
const store = new Map();
class Adapter {
  constructor(name) { this.name = name; }
  k(id) { return `${this.name}:${id}`; }
  async upsert(id, payload, expiresIn) { store.set(this.k(id), { payload, exp: expiresIn ? Date.now() + expiresIn * 1000 : Infinity }); }
  async find(id) { const e = store.get(this.k(id)); if (!e) return undefined; if (e.exp <= Date.now()) { store.delete(this.k(id)); return undefined; } return e.payload; }
  async destroy(id) { store.delete(this.k(id)); }
  async consume(id) { const e = store.get(this.k(id)); if (e) e.payload.consumed = Math.floor(Date.now() / 1000); }
  async findByUid() { return undefined; }
  async findByUserCode() { return undefined; }
  async revokeByGrantId() {}
}
setInterval(() => { const n = Date.now(); for (const [k, v] of store) if (v.exp <= n) store.delete(k); for (const [k, v] of jtis) if (v.exp <= n) jtis.delete(k); }, 5000).unref();
const jtis = new Map(); // jti of every JWT access token issued -> {exp, revoked}
for (const { rig, ...c } of CLIENTS) store.set(`Client:${c.client_id}`, { payload: c, exp: Infinity });

// ---------------------------------------------------------------- the provider, once per issuer
const asKeys = [keyFile('as-rs256', 'RSA', 'RS256'), keyFile('as-es256', 'EC', 'ES256'), keyFile('as-eddsa', 'OKP', 'EdDSA')];
const nonceSecret = crypto.randomBytes(32);
const ALGS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];

const peerCert = (req) => req.socket.getPeerX509Certificate?.();
function caIssued(cert) {
  const now = Date.now();
  return cert.checkIssued(caCert) && cert.verify(caCert.publicKey) && Date.parse(cert.validFrom) <= now && now < Date.parse(cert.validTo);
}
const rfc4514 = (cert) => cert.subject.split('\n').reverse().join(',');

function makeProvider(issuer, aliases) {
  const provider = new Provider(issuer, {
    adapter: Adapter,
    jwks: { keys: asKeys },
    scopes: ['rig.read', 'rig.write'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth', 'none'],
    enabledJWA: { clientAuthSigningAlgValues: ['HS256', 'HS384', 'HS512', ...ALGS], dPoPSigningAlgValues: ALGS },
    ttl: { ClientCredentials: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? state.ttl },
    discovery: aliases ? { mtls_endpoint_aliases: aliases } : {},
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      dPoP: { enabled: true, nonceSecret, requireNonce: (ctx) => nonceClients.has(ctx.oidc.client?.clientId) },
      mTLS: {
        enabled: true, certificateBoundAccessTokens: true, selfSignedTlsClientAuth: true, tlsClientAuth: true,
        getCertificate: (ctx) => peerCert(ctx.req),
        certificateAuthorized: (ctx) => caIssued(peerCert(ctx.req)),
        certificateSubjectMatches: (ctx, property, expected) => {
          const cert = peerCert(ctx.req);
          if (property === 'tls_client_auth_subject_dn') return rfc4514(cert) === expected;
          if (property === 'tls_client_auth_san_dns') return cert.subjectAltName?.split(', ').includes(`DNS:${expected}`) ?? false;
          return false;
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        getResourceServerInfo: (_ctx, resource) => {
          const rs = RESOURCES[resource];
          if (!rs) throw new errors.InvalidTarget();
          const { ttl, ...info } = rs;
          return { audience: resource, accessTokenTTL: ttl ?? state.ttl, ...info };
        },
      },
    },
  });
  provider.use(async (ctx, next) => {
    if (ctx.path !== '/token' || ctx.method !== 'POST') return next();
    const t0 = process.hrtime.bigint();
    await next();
    const o = ctx.oidc;
    let method = 'none';
    if (ctx.headers.authorization) method = 'basic'; else if (o?.params?.client_assertion) method = 'assertion'; else if (o?.params?.client_secret) method = 'post'; else if (peerCert(ctx.req)) method = 'certificate';
    record({
      client: o?.client?.clientId ?? o?.params?.client_id ?? '(unknown)', port: ctx.socket.localPort, auth: method, scope: o?.params?.scope, resource: o?.params?.resource,
      dpop: !!ctx.headers.dpop, status: ctx.status, error: ctx.body?.error, detail: ctx.state.rigDetail, ms: Number(process.hrtime.bigint() - t0) / 1e6,
    });
    return undefined;
  });
  provider.on('grant.error', (ctx, err) => { ctx.state.rigDetail = err.error_detail ?? err.error_description; });
  provider.on('server_error', (ctx, err) => { console.error('server_error', err); });
  provider.on('client_credentials.issued', (t) => { jtis.set(t.jti, { exp: (Math.floor(Date.now() / 1000) + t.expiration + 60) * 1000, revoked: false }); });
  return provider;
}
const providers = {
  http: makeProvider(ISS.http),
  https: makeProvider(ISS.https, Object.fromEntries(['token', 'introspection', 'revocation'].map((n) => [`${n}_endpoint`, `https://${HOST}:${PORT.mtls}/token${n === 'token' ? '' : `/${n}`}`]))),
};

// ---------------------------------------------------------------- counters and faults
let counters; let log; let faults;
function reset() {
  counters = { token: { total: 0, ok: 0, error: 0, faulted: 0, inFlight: 0, maxInFlight: 0, perClient: {} }, api: { total: 0, ok: 0, denied: 0, perToken: {}, reasons: {} } };
  log = [];
  faults = { token: [], delayMs: 0, delayCount: 0, api: [] };
}
reset();
function perClient(id) { return counters.token.perClient[id] ??= { total: 0, ok: 0, error: 0, faulted: 0, errors: {} }; }
function record(e) {
  const c = perClient(e.client);
  c.total += 1;
  if (e.fault) { c.faulted += 1; counters.token.faulted += 1; } else if (e.status === 200) { c.ok += 1; counters.token.ok += 1; } else { c.error += 1; counters.token.error += 1; c.errors[e.error] = (c.errors[e.error] ?? 0) + 1; }
  log.push({ t: new Date().toISOString(), ...e });
  if (log.length > 500) log.shift();
}
const readBody = async (req) => { const b = []; for await (const c of req) b.push(c); return Buffer.concat(b); };
const json = (res, status, body, headers = {}) => { res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers }); res.end(JSON.stringify(body)); };

function applyFault(f, req, res) {
  const headers = {};
  if (f.retryAfter !== undefined) headers['retry-after'] = String(f.retryAfter);
  switch (f.mode ?? 'status') {
    case 'reset': res.socket.destroy(); return;
    case 'hang': return; // never answers
    case 'truncate': res.writeHead(200, { 'content-type': 'application/json', 'content-length': 500 }); res.write('{"access_token":"tr'); setTimeout(() => res.socket?.destroy(), 50); return;
    default: res.writeHead(f.status ?? 503, { 'content-type': f.contentType ?? 'application/json', ...headers }); res.end(f.body ?? JSON.stringify({ error: 'temporarily_unavailable' }));
  }
}
async function onToken(which, req, res) {
  counters.token.total += 1;
  counters.token.inFlight += 1;
  counters.token.maxInFlight = Math.max(counters.token.maxInFlight, counters.token.inFlight);
  res.once('close', () => { counters.token.inFlight -= 1; });
  if (faults.delayMs && faults.delayCount !== 0) {
    if (faults.delayCount > 0) faults.delayCount -= 1;
    await new Promise((r) => { setTimeout(r, faults.delayMs); });
  }
  const f = faults.token[0];
  if (f) {
    f.count -= 1;
    if (f.count <= 0) faults.token.shift();
    const form = new URLSearchParams((await readBody(req)).toString());
    let client = form.get('client_id');
    try {
      if (req.headers.authorization?.toLowerCase().startsWith('basic ')) client = decodeURIComponent(Buffer.from(req.headers.authorization.slice(6), 'base64').toString().split(':')[0].replace(/\+/g, ' '));
      else if (form.get('client_assertion')) client = jose.decodeJwt(form.get('client_assertion')).sub;
    } catch { /* unknown */ }
    record({ client: client ?? '(unknown)', fault: f.mode ?? `status ${f.status ?? 503}` });
    applyFault(f, req, res);
    return;
  }
  callbacks[which](req, res);
}

// ---------------------------------------------------------------- protected resource
const jwksLocal = jose.createLocalJWKSet({ keys: asKeys.map(pub) });
const seenProofs = new Map();
let apiNonce = crypto.randomBytes(12).toString('base64url');
let oldApiNonce;
const sha = (s) => crypto.createHash('sha256').update(s).digest('base64url');
class Deny extends Error { constructor(status, scheme, error, description, extra = {}) { super(description); Object.assign(this, { status, scheme, error, extra }); } }

async function loadToken(token, scheme, audience) {
  if (token.split('.').length === 3) {
    let r;
    try { r = await jose.jwtVerify(token, jwksLocal, { issuer: [ISS.http, ISS.https], typ: 'at+jwt', ...(audience ? { audience } : {}), clockTolerance: 0 }); } catch (e) { throw new Deny(401, scheme, 'invalid_token', e.message); }
    const known = jtis.get(r.payload.jti);
    if (!known || known.revoked) throw new Deny(401, scheme, 'invalid_token', 'token was revoked');
    return { format: 'jwt', client_id: r.payload.client_id, scope: r.payload.scope ?? '', aud: r.payload.aud, cnf: r.payload.cnf ?? {}, exp: r.payload.exp };
  }
  const t = await providers.http.ClientCredentials.find(token);
  if (!t || t.isExpired) throw new Deny(401, scheme, 'invalid_token', 'unknown, expired or revoked token');
  if (audience && t.aud !== audience) throw new Deny(401, scheme, 'invalid_token', `audience is ${t.aud}`);
  return { format: 'opaque', client_id: t.clientId, scope: t.scope ?? '', aud: t.aud, cnf: { ...(t.jkt ? { jkt: t.jkt } : {}), ...(t['x5t#S256'] ? { 'x5t#S256': t['x5t#S256'] } : {}) }, exp: t.exp };
}
async function checkProof(req, url, token, jkt, needNonce) {
  const bad = (d) => new Deny(401, 'DPoP', 'invalid_dpop_proof', d);
  const raw = req.headers.dpop;
  if (!raw) throw bad('no DPoP proof');
  if (raw.includes(',')) throw bad('more than one DPoP header');
  let v;
  try { v = await jose.jwtVerify(raw, jose.EmbeddedJWK, { typ: 'dpop+jwt', algorithms: ALGS }); } catch (e) { throw bad(e.message); }
  const { payload, protectedHeader } = v;
  if (protectedHeader.jwk.d !== undefined) throw bad('private key in the proof');
  if (payload.htm !== req.method) throw bad('htm mismatch');
  const u = URL.parse(payload.htu ?? '');
  if (u?.search || u?.hash) throw bad('htu has a query or a fragment'); // a lenient server would cut them off; RFC 9449 §4.2 has them left out
  if (u?.href !== `${url.origin}${url.pathname}`) throw bad(`htu mismatch: ${payload.htu} is not ${url.origin}${url.pathname}`);
  if (payload.ath !== sha(token)) throw bad('ath mismatch');
  if (typeof payload.jti !== 'string') throw bad('no jti');
  if (needNonce && payload.nonce === undefined) throw new Deny(401, 'DPoP', 'use_dpop_nonce', 'a nonce is required', { nonce: apiNonce });
  if (payload.nonce !== undefined && payload.nonce !== apiNonce && payload.nonce !== oldApiNonce) throw new Deny(401, 'DPoP', 'use_dpop_nonce', 'unknown nonce', { nonce: apiNonce });
  if (payload.nonce === undefined && !(Math.abs(Date.now() / 1000 - payload.iat) < 60)) throw bad('iat is not recent');
  if (await jose.calculateJwkThumbprint(protectedHeader.jwk) !== jkt) throw bad('the token is bound to another key');
  const now = Date.now();
  for (const [k, e] of seenProofs) { if (e > now) break; seenProofs.delete(k); }
  if (seenProofs.has(payload.jti)) throw bad('replayed proof');
  seenProofs.set(payload.jti, now + 300_000);
}
async function onApi(req, res, url) {
  counters.api.total += 1;
  const kind = url.pathname.split('/')[2] ?? 'any';
  let scheme = 'Bearer';
  const body = await readBody(req);
  try {
    const f = faults.api[0];
    if (f) {
      f.count -= 1; if (f.count <= 0) faults.api.shift();
      if ((f.mode ?? 'deny') !== 'deny') { counters.api.denied += 1; applyFault(f, req, res); return; }
      throw new Deny(401, f.scheme ?? 'Bearer', 'invalid_token', 'told to refuse');
    }
    const h = req.headers.authorization;
    if (!h) throw new Deny(401, 'Bearer', undefined, undefined, { both: true });
    const m = /^(Bearer|DPoP) +([A-Za-z0-9._~+/-]+=*)$/i.exec(h);
    if (!m) throw new Deny(400, 'Bearer', 'invalid_request', 'malformed Authorization');
    scheme = m[1].toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer';
    const token = m[2];
    const th = sha(token).slice(0, 12);
    counters.api.perToken[th] = (counters.api.perToken[th] ?? 0) + 1;
    const t = await loadToken(token, scheme, { a: A, b: B, c: C, s: S }[kind]);
    if (t.cnf.jkt) {
      if (scheme !== 'DPoP') throw new Deny(401, 'DPoP', 'invalid_token', 'the token is DPoP-bound but came as Bearer');
      await checkProof(req, url, token, t.cnf.jkt, kind === 'nonce');
    } else if (scheme === 'DPoP') throw new Deny(401, 'DPoP', 'invalid_token', 'the token is not DPoP-bound');
    if (t.cnf['x5t#S256']) {
      const cert = peerCert(req);
      if (!cert) throw new Deny(401, scheme, 'invalid_token', 'the token is certificate-bound and no certificate was presented');
      if (crypto.createHash('sha256').update(cert.raw).digest('base64url') !== t.cnf['x5t#S256']) throw new Deny(401, scheme, 'invalid_token', 'the token is bound to another certificate');
    }
    const need = { a: ['a.read', 'a.write'], b: ['b.read', 'b.write'], c: ['c.read', 'c.read'], s: ['s.read', 's.read'] }[kind]?.[['GET', 'HEAD'].includes(req.method) ? 0 : 1];
    if (need && !t.scope.split(' ').includes(need)) throw new Deny(403, scheme, 'insufficient_scope', `needs ${need}`, { scope: need });
    counters.api.ok += 1;
    json(res, 200, { ok: true, method: req.method, path: url.pathname, scheme, token: th, ...t, body_length: body.length, body_sha256: crypto.createHash('sha256').update(body).digest('hex') }, t.cnf.jkt ? { 'dpop-nonce': apiNonce } : {});
  } catch (e) {
    if (!(e instanceof Deny)) { console.error(e); json(res, 500, { error: 'server_error', error_description: String(e) }); return; }
    counters.api.denied += 1;
    const key = `${e.status} ${e.error ?? 'no token'}: ${e.message}`; counters.api.reasons[key] = (counters.api.reasons[key] ?? 0) + 1;
    const params = [`realm="rig"`, e.error && `error="${e.error}"`, e.error && e.message && `error_description="${e.message.replace(/["\\]/g, "'")}"`, e.extra.scope && `scope="${e.extra.scope}"`].filter(Boolean).join(', ');
    const challenges = [`${e.scheme} ${params}${e.scheme === 'DPoP' ? `, algs="${ALGS.join(' ')}"` : ''}`];
    if (e.extra.both) challenges.push(`DPoP realm="rig", algs="${ALGS.join(' ')}"`);
    json(res, e.status, { error: e.error ?? 'unauthorized', error_description: e.message || undefined }, { 'www-authenticate': challenges, ...(e.extra.nonce ? { 'dpop-nonce': e.extra.nonce } : {}) });
  }
}

// ---------------------------------------------------------------- control
async function onControl(req, res, url) {
  const cmd = url.pathname.slice('/_control/'.length);
  const raw = (await readBody(req)).toString();
  let q;
  try { q = { ...Object.fromEntries(url.searchParams), ...(raw ? JSON.parse(raw) : {}) }; } catch { return json(res, 400, { error: 'body is not JSON' }); }
  const fault = () => ({ ...q, count: +(q.count ?? 1), ...(q.status !== undefined ? { status: +q.status } : {}) });
  if (req.method === 'GET') {
    if (cmd === 'counters') return json(res, 200, { ...counters, faults, ttl: state.ttl });
    if (cmd === 'log') return json(res, 200, log);
    if (cmd === 'rig') return json(res, 200, rigFile());
    return json(res, 404, { error: 'no such control' });
  }
  switch (cmd) {
    case 'reset': reset(); state.ttl = +(env.OP_TTL ?? 600); return json(res, 200, { ok: true });
    case 'revoke-all': {
      let opaque = 0; let jwt = 0;
      for (const k of store.keys()) if (k.startsWith('ClientCredentials:')) { store.delete(k); opaque += 1; }
      for (const v of jtis.values()) if (!v.revoked) { v.revoked = true; jwt += 1; }
      return json(res, 200, { opaque, issued_ids_revoked: jwt });
    }
    case 'rotate-secret': {
      const e = store.get(`Client:${q.client_id}`);
      if (!e?.payload.client_secret) return json(res, 404, { error: 'no such client with a secret' });
      e.payload = { ...e.payload, client_secret: q.client_secret ?? crypto.randomBytes(18).toString('base64url') };
      return json(res, 200, { client_id: q.client_id, client_secret: e.payload.client_secret });
    }
    case 'fail': faults.token.push(fault()); return json(res, 200, faults);
    case 'api-fail': faults.api.push(fault()); return json(res, 200, faults);
    case 'delay': faults.delayMs = +(q.ms ?? 0); faults.delayCount = q.count === undefined ? -1 : +q.count; return json(res, 200, faults);
    case 'ttl': state.ttl = +q.seconds; return json(res, 200, { ttl: state.ttl });
    case 'rotate-api-nonce': oldApiNonce = q.keepOld ? apiNonce : undefined; apiNonce = crypto.randomBytes(12).toString('base64url'); return json(res, 200, { apiNonce });
    default: return json(res, 404, { error: 'no such control' });
  }
}

// ---------------------------------------------------------------- from here on requests are answered
const callbacks = { http: providers.http.callback(), https: providers.https.callback() };
function handler(which) {
  return (req, res) => {
    let url;
    try { url = new URL(req.url, `${which}://${req.headers.host}`); } catch { res.writeHead(400).end(); return; }
    const fail = (e) => { console.error(e); if (!res.headersSent) json(res, 500, { error: 'server_error' }); };
    if (url.pathname.startsWith('/_control/')) onControl(req, res, url).catch(fail);
    else if (url.pathname.startsWith('/api/') || url.pathname === '/api') onApi(req, res, url).catch(fail);
    else if (url.pathname === '/token' && req.method === 'POST') onToken(which, req, res).catch(fail);
    else callbacks[which](req, res);
  };
}
for (const [name, server] of Object.entries(servers)) server.on('request', handler(name === 'http' ? 'http' : 'https'));
function rigFile() {
  return {
    dir: DIR, ca: tls('ca.pem'), issuers: ISS, mtls: `https://${HOST}:${PORT.mtls}`,
    resources: RESOURCES, clients: CLIENTS.map(({ jwks, rig, redirect_uris, response_types, grant_types, ...c }) => ({ ...c, ...rig })),
  };
}
// Whoever started us is at the other end of standard input: when it ends, however it ends, so do we, and nothing of us stays.
const end = () => { fs.rmSync(DIR, { recursive: true, force: true }); process.exit(0); };
process.stdin.on('end', end).on('error', end).resume();
console.log(`ready ${ISS.http}`);
