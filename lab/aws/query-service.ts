import { createHash } from "node:crypto";
import type { Authenticate } from "./authenticate.ts";
import { AwsError } from "./aws-error.ts";
import type { Service, WireRequest } from "./wire.ts";
import { type XmlFields, xmlDocument } from "./xml.ts";

/** An operation of a service that speaks the Query protocol. */
export interface QueryOperation {
  /** The parameter that names the request's subject. */
  readonly subject: string;
  /** Returns the content of the result. */
  readonly perform: (form: URLSearchParams) => XmlFields;
}

export interface QueryServiceOptions {
  /** The service's name in a signature. */
  readonly signedAs: string;
  readonly namespace: string;
  readonly operations: Readonly<Record<string, QueryOperation>>;
  readonly authenticate: Authenticate;
}

export interface QueryService extends Service {
  readonly isFor: (request: WireRequest) => boolean;
}

const contentType = { "content-type": "text/xml" };

/**
 * Creates a service that speaks the Query protocol. Several share one endpoint here: the signature names the service.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function createQueryService({
  signedAs,
  namespace,
  operations,
  authenticate,
}: QueryServiceOptions): QueryService {
  return {
    isFor: ({ headers }) =>
      headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true &&
      headers.authorization?.includes(`/${signedAs}/aws4_request`) === true,
    open: async (incoming) => {
      const body = await readBody(incoming);
      const form = new URLSearchParams(body.toString());
      const operation = form.get("Action") ?? "";
      const known = operations[operation];
      return {
        call: { operation, key: (known && form.get(known.subject)) ?? "" },
        perform: async () => {
          authenticate(signedAs, { ...incoming, payloadHash: createHash("sha256").update(body).digest("hex") });
          if (!known) throw new AwsError(400, "InvalidAction", `The lab does not know ${operation}`);
          const result = { [`${operation}Result`]: known.perform(form) };
          return { status: 200, headers: contentType, body: xmlDocument(`${operation}Response`, result, namespace) };
        },
      };
    },
    refusal: ({ code, message }, requestId) => ({
      headers: contentType,
      body: xmlDocument(
        "ErrorResponse",
        { Error: { Type: "Sender", Code: code, Message: message }, RequestId: requestId },
        namespace,
      ),
    }),
    headers: (requestId) => ({ "x-amzn-requestid": requestId }),
  };
}

async function readBody({ body }: WireRequest): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}
