import { createHash } from "node:crypto";
import type { Authenticate } from "./authenticate.ts";
import { AwsError } from "./aws-error.ts";
import type { Service, WireRequest } from "./wire.ts";

/** An AWS service that speaks the JSON 1.1 protocol. */
export interface JsonServiceOptions<Request, Store> {
  /** Prefix of `x-amz-target` before the operation's name. */
  readonly target: string;
  /** The service's name in a signature. */
  readonly signedAs: string;
  /** How the service spells the member of a refusal that explains it; the SDK reads both. */
  readonly messageMember: "message" | "Message";
  readonly authenticate: Authenticate;
  /** Returns the name of the request's subject, as the caller gave it. */
  readonly keyOf: (request: Request) => string | undefined;
  /** Handlers by operation name. */
  readonly handlers: Readonly<Record<string, (request: Request, store: Store) => object>>;
  readonly store: Store;
}

export interface JsonService extends Service {
  readonly isFor: (request: WireRequest) => boolean;
}

const contentType = { "content-type": "application/x-amz-json-1.1" };

export function createJsonService<Request, Store>(options: JsonServiceOptions<Request, Store>): JsonService {
  const { target, signedAs, messageMember, authenticate, keyOf, handlers, store } = options;
  const targetOf = ({ headers }: WireRequest) => headers["x-amz-target"] ?? "";
  return {
    isFor: (incoming) => targetOf(incoming).startsWith(target),
    open: async (incoming) => {
      const operation = targetOf(incoming).slice(target.length);
      const body = await readBody(incoming);
      const request = parse<Request>(body);
      const key = keyOf(request);
      return {
        call: { operation, ...(key && { key }) },
        perform: async () => {
          const payloadHash = createHash("sha256").update(body).digest("hex");
          authenticate(signedAs, { ...incoming, payloadHash });
          const handler = handlers[operation];
          if (!handler) throw new AwsError(400, "UnknownOperationException", `The lab does not know ${operation}`);
          return { status: 200, headers: contentType, body: JSON.stringify(handler(request, store)) };
        },
      };
    },
    refusal: ({ code, message }) => ({
      headers: contentType,
      body: JSON.stringify({ __type: code, [messageMember]: message }),
    }),
    headers: (requestId) => ({ "x-amzn-requestid": requestId }),
  };
}

async function readBody({ body }: WireRequest): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

function parse<Request>(body: Buffer): Request {
  try {
    return JSON.parse(body.toString("utf8") || "{}") as Request;
  } catch {
    throw new AwsError(400, "SerializationException", "The request is not JSON");
  }
}
