import type { Authenticate } from "./authenticate.ts";
import { AwsError } from "./aws-error.ts";
import { decodePercent, splitTarget } from "./canonical-url.ts";
import { openPayload } from "./payload.ts";
import type { RightsBook } from "./rights.ts";
import type { S3World } from "./s3-call.ts";
import { s3Handlers } from "./s3-handlers.ts";
import { nameS3Operation, type S3Target } from "./s3-operation.ts";
import type { Service, ServiceResponse, WireRequest } from "./wire.ts";
import { xmlErrorDocument } from "./xml.ts";

/** S3 user guide: "Object key names". */
const maxKeyBytes = 1024;

/** S3 over REST, addressed by path (`/bucket/key`). */
export function createS3Service(world: S3World, authenticate: Authenticate, rights: RightsBook): Service {
  return {
    open: async (request) => {
      const target = readTarget(request);
      const operation = nameS3Operation(target);
      const { bucket, key } = target;
      return {
        call: { operation, ...(bucket && { bucket }), ...(key && { key }) },
        perform: async () => {
          const payloadHash = target.headers["x-amz-content-sha256"];
          // Who does not sign at all is refused for that; only a signed request has to name its hash.
          if (!payloadHash && target.headers.authorization !== undefined) throw missingHash();
          const signed = authenticate("s3", { ...target, url: request.url, payloadHash: payloadHash ?? "" });
          const call = { ...target, payload: openPayload(request.body, target.headers, signed) };
          return asXml(await rights.under(operation, target, () => s3Handlers[operation](call, world)));
        },
      };
    },
    refusal: ({ code, message, details }, requestId) => ({
      headers: { "content-type": "application/xml" },
      body: xmlErrorDocument({ Code: code, Message: message, ...details, RequestId: requestId, HostId: hostId }),
    }),
    headers: (requestId) => ({ server: "AmazonS3", "x-amz-request-id": requestId, "x-amz-id-2": hostId }),
  };
}

const hostId = "nightshift-lab";

function readTarget({ method, url, headers }: WireRequest): S3Target {
  const { path, query } = splitTarget(url);
  const [bucket = "", ...segments] = path.slice(1).split("/");
  const key = decodePercent(segments.join("/"));
  if (Buffer.byteLength(key) > maxKeyBytes) throw new AwsError(400, "KeyTooLongError", "Your key is too long");
  return {
    method,
    bucket: decodePercent(bucket),
    key,
    query: new URLSearchParams(query),
    headers,
  };
}

function asXml(response: ServiceResponse): ServiceResponse {
  if (typeof response.body !== "string") return response;
  return { ...response, headers: { "content-type": "application/xml", ...response.headers } };
}

function missingHash(): AwsError {
  return new AwsError(400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
}
