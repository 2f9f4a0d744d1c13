import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Authenticate } from "./authenticate.ts";
import { AwsError } from "./aws-error.ts";
import type { SecretStore } from "./secret-store.ts";
import { type SecretsRequest, secretsHandlers } from "./secrets-manager.ts";
import { type Service, wireHeaders } from "./wire.ts";

const contentType = { "content-type": "application/x-amz-json-1.1" };

const targetPrefix = "secretsmanager.";

/** `x-amz-target` names the service and the operation. */
export function isForSecretsManager(request: IncomingMessage): boolean {
  return (wireHeaders(request)["x-amz-target"] ?? "").startsWith(targetPrefix);
}

/** Secrets Manager over the JSON 1.1 protocol. */
export function createSecretsService(secrets: SecretStore, authenticate: Authenticate): Service {
  return {
    open: async (incoming) => {
      const headers = wireHeaders(incoming);
      const operation = (headers["x-amz-target"] ?? "").slice(targetPrefix.length);
      const body = await readBody(incoming);
      const request = parse(body);
      const key = request.SecretId ?? request.Name;
      return {
        call: { operation, ...(key && { key }) },
        perform: async () => {
          const payloadHash = createHash("sha256").update(body).digest("hex");
          const { method = "POST", url = "/" } = incoming;
          authenticate("secretsmanager", { method, url, headers, payloadHash });
          const handler = secretsHandlers[operation];
          if (!handler) throw new AwsError(400, "UnknownOperationException", `The lab does not know ${operation}`);
          return { status: 200, headers: contentType, body: JSON.stringify(handler(request, secrets)) };
        },
      };
    },
    refusal: ({ code, message }) => ({
      headers: contentType,
      body: JSON.stringify({ __type: code, Message: message }),
    }),
    headers: (requestId) => ({ "x-amzn-requestid": requestId }),
  };
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece);
  return Buffer.concat(pieces);
}

function parse(body: Buffer): SecretsRequest {
  try {
    return JSON.parse(body.toString("utf8") || "{}") as SecretsRequest;
  } catch {
    throw new AwsError(400, "SerializationException", "The request is not JSON");
  }
}
