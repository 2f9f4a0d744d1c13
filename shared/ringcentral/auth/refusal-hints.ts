/** Where an operator fixes a refusal. */
const consoleApp = "RingCentral Developer Console → your app";
const consoleJwt = "RingCentral Developer Console → Credentials";
const adminPortal = "RingCentral Admin Portal";

/**
 * Hints by documented `OAU-…` code. At the token endpoint a code about "the token" concerns the JWT, not an access token.
 * https://developers.ringcentral.com/guide/basics/errors
 */
const hints: Readonly<Record<string, string>> = {
  "OAU-101": `The app may not be used: ${consoleApp} → check that it is active and belongs to this organisation.`,
  "OAU-102": `The app is not approved for this: ${consoleApp} → check its status, then ask RingCentral's developer support.`,
  "OAU-105": `The app lacks a permission: ${consoleApp} → Settings → Security, add the app scopes that the README lists.`,
  "OAU-106": `The app lacks a permission: ${consoleApp} → Settings → Security, add the app scopes that the README lists.`,
  "OAU-108": `The service user may not use this app: ${consoleApp} → check who may use it.`,
  "OAU-109": `The service user may not use this app: ${consoleApp} → check who may use it.`,
  "OAU-110": `The app is not enabled for this account: ${consoleApp} → make it private to this organisation, or have it approved.`,
  "OAU-111": "The API request has a parameter twice: this is a fault of Nightshift, open an issue.",
  "OAU-112": `The app may not use JWT: ${consoleApp} → Settings → Auth, tick "JWT auth flow".`,
  "OAU-113": "The app has no redirect URI, which only a login by browser needs: use the JWT flow, as Nightshift does.",
  "OAU-116": `The app may not act for this account: ${consoleApp} → check the organisation that it belongs to.`,
  "OAU-117": `The app may not act for this account: ${consoleApp} → check the organisation that it belongs to.`,
  "OAU-119": `The app may not act for this user: ${consoleApp} → check who may use it.`,
  "OAU-120": `The JWT is for another app: ${consoleJwt} → make one that allows this client id, or store the right client id.`,
  "OAU-121": `The JWT is for another app: ${consoleJwt} → make one that allows this client id, or store the right client id.`,
  "OAU-123": "RingCentral could not read the client id and secret: store both again, without spaces or line breaks.",
  "OAU-125": `The app may not use JWT: ${consoleApp} → Settings → Auth, tick "JWT auth flow".`,
  "OAU-127": `The app's release is not valid: ${consoleApp} → check its status.`,
  "OAU-128": `The JWT has expired: ${consoleJwt} → make a new one as the service user and store it.`,
  "OAU-129": `The JWT is damaged: ${consoleJwt} → copy it again in one piece and store it.`,
  "OAU-134": `RingCentral did not accept the client: ${consoleApp} → copy client id and secret again.`,
  "OAU-136": `The service user no longer exists: ${adminPortal} → Users; make a new JWT as a user that does.`,
  "OAU-140": `RingCentral does not accept the JWT's owner: ${consoleJwt} → make a new JWT as the service user.`,
  "OAU-141": `The service user is not active: ${adminPortal} → Users, enable it.`,
  "OAU-142": "The RingCentral account is not active: ask the account's owner.",
  "OAU-146": `The client id or secret is wrong: ${consoleApp} → Credentials, copy both again.`,
  "OAU-147": "RingCentral has locked the login for a while: wait an hour, then start a run manually.",
  "OAU-148": "RingCentral has locked the login for a while: wait an hour, then start a run manually.",
  "OAU-149": `RingCentral could not read the JWT: ${consoleJwt} → copy it again in one piece and store it.`,
  "OAU-150":
    "RingCentral did not accept the API request for a token: start a run manually; if it keeps failing, open an issue.",
  "OAU-151": `The app does not accept client id and secret by HTTP Basic: ${consoleApp} → Settings → Auth, choose a server-side app.`,
  "OAU-153": `The client id is unknown at this server: ${consoleApp} → Credentials; check client id and "server".`,
  "OAU-164": `RingCentral did not know the client when a token was to be revoked: ${consoleApp} → copy client id and secret again.`,
  "OAU-165": 'The app is a sandbox app: use its production credentials, or set "server" to the sandbox.',
  "OAU-168": `The service user must log in with a second factor: ${adminPortal} → exempt it, a JWT cannot answer.`,
  "OAU-210": `The JWT has expired: ${consoleJwt} → make a new one as the service user and store it.`,
  "OAU-213": `RingCentral does not find the JWT, it may have been revoked: ${consoleJwt} → make a new one and store it.`,
  "OAU-232": `The service user no longer exists: ${adminPortal} → Users; make a new JWT as a user that does.`,
  "OAU-236": `The service user is disabled or frozen: ${adminPortal} → Users, enable it.`,
  "OAU-250": `The app does not support the JWT grant: ${consoleApp} → Settings → Auth, tick "JWT auth flow".`,
  "OAU-251": `The app may not use JWT: ${consoleApp} → Settings → Auth, tick "JWT auth flow"; check that app and "server" belong together.`,
  "OAU-270": 'RingCentral asked for a partner-level grant: use a REST API app with the "JWT auth flow".',
  "OAU-345": `The JWT is damaged, cut short, or of another environment: ${consoleJwt} → copy it again in one piece.`,
  "OAU-347": `The JWT was not made by RingCentral: ${consoleJwt} → Create JWT. Do not sign one yourself.`,
};

/** Hints by OAuth error (RFC 6749 §5.2), for responses without a RingCentral code. */
const byOAuthError: Readonly<Record<string, string>> = {
  invalid_client: `The client id or secret is wrong: ${consoleApp} → Credentials, copy both again.`,
  invalid_grant: `RingCentral does not accept the JWT: ${consoleJwt} → make a new one as the service user and store it.`,
  unauthorized_client: `The app may not use JWT: ${consoleApp} → Settings → Auth, tick "JWT auth flow".`,
  unsupported_grant_type: `The app does not support the JWT grant: ${consoleApp} → Settings → Auth, tick "JWT auth flow".`,
  insufficient_scope: `The app lacks a scope: ${consoleApp} → Settings → Security, add the app scopes that the README lists.`,
  invalid_scope: `The app lacks a scope: ${consoleApp} → Settings → Security, add the app scopes that the README lists.`,
};

const known: ReadonlyMap<string, string> = new Map(Object.entries({ ...hints, ...byOAuthError }));

/** Returns the hint for a refused token exchange: by RingCentral's code, else by OAuth's error, else a general one. */
export function refusalHint(code: string): string {
  if (/^HTTP_\d{3}$/.test(code)) return noOAuthError(code);
  return (
    known.get(code) ??
    `RingCentral refused the login with ${code}: compare the app's settings with the README, then ask RingCentral's developer support.`
  );
}

/** A response without a code is no OAuth error (RFC 6749 §5.2): a proxy may have sent it. */
function noOAuthError(code: string): string {
  return `The response (${code}) has no OAuth error: check "server" in the credential, and any proxy or firewall in between; if both are right, ask RingCentral's developer support.`;
}
