import type { Authenticate } from "./authenticate.ts";
import { createJsonService, type JsonService } from "./json-service.ts";
import { type KmsRequest, kmsHandlers } from "./kms.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** Creates KMS, for operations with signing keys. */
export function createKmsService(store: SigningKeys, authenticate: Authenticate): JsonService {
  return createJsonService<KmsRequest, SigningKeys>({
    target: "TrentService.",
    signedAs: "kms",
    messageMember: "message",
    authenticate,
    keyOf: ({ KeyId }) => KeyId,
    handlers: kmsHandlers,
    store,
  });
}
