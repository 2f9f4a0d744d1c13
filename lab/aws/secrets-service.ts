import type { Authenticate } from "./authenticate.ts";
import { createJsonService, type JsonService } from "./json-service.ts";
import type { SecretStore } from "./secret-store.ts";
import { type SecretsRequest, secretsHandlers } from "./secrets-manager.ts";

export function createSecretsService(store: SecretStore, authenticate: Authenticate): JsonService {
  return createJsonService<SecretsRequest, SecretStore>({
    target: "secretsmanager.",
    signedAs: "secretsmanager",
    messageMember: "Message",
    authenticate,
    keyOf: ({ SecretId, Name }) => SecretId ?? Name,
    handlers: secretsHandlers,
    store,
  });
}
