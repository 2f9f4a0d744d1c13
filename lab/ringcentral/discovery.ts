import type { IssuedCredential } from "./credential.ts";
import type { Endpoint } from "./endpoint.ts";

/** Endpoints without log-in and rate limit. */
export function discoveryEndpoints(issued: IssuedCredential): readonly Endpoint[] {
  const { server } = issued.credential;
  return [
    {
      name: "openidConfiguration",
      access: "open",
      methods: ["GET"],
      path: "/.well-known/openid-configuration",
      respond: () => ({ status: 200, json: openidConfiguration(server) }),
    },
    {
      name: "jwks",
      access: "open",
      methods: ["GET"],
      path: "/restapi/oauth/jwks",
      respond: () => ({ status: 200, json: { keys: [issued.jwk] } }),
    },
    {
      name: "apiVersions",
      access: "open",
      methods: ["GET"],
      path: "/restapi",
      respond: () => ({ status: 200, json: apiVersions(server) }),
    },
  ];
}

/** Every member that the OpenAPI requires of OpenIdDiscovery. */
function openidConfiguration(server: string): unknown {
  return {
    issuer: server,
    authorization_endpoint: `${server}/restapi/oauth/authorize`,
    token_endpoint: `${server}/restapi/oauth/token`,
    revocation_endpoint: `${server}/restapi/oauth/revoke`,
    userinfo_endpoint: `${server}/restapi/oauth/userinfo`,
    jwks_uri: `${server}/restapi/oauth/jwks`,
    scopes_supported: ["openid", "email", "profile"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_jwt", "private_key_jwt"],
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    userinfo_signing_alg_values_supported: ["none"],
    id_token_signing_alg_values_supported: ["RS256", "HS256"],
    code_challenge_methods_supported: ["plain", "S256"],
  };
}

function apiVersions(server: string): unknown {
  return {
    uri: `${server}/restapi/`,
    apiVersions: [{ uri: `${server}/restapi/v1.0`, versionString: "1.0.60", releaseDate: "2026-07-30T00:00:00.000Z" }],
    serverVersion: "26.3.1",
  };
}
