import { AwsError } from "./aws-error.ts";
import { encodeRfc3986 } from "./canonical-url.ts";
import type { S3Call } from "./s3-call.ts";

/** The parameters of every listing of a bucket. */
export interface ListParameters {
  readonly prefix: string;
  readonly delimiter?: string;
  readonly maxKeys: number;
  readonly encodingType?: "url";
  /** Encodes a key as the caller requested. */
  readonly encode: (name: string) => string;
}

const maxKeysPerPage = 1000;

export function listParameters({ query }: S3Call): ListParameters {
  const maxKeys = query.get("max-keys") ?? String(maxKeysPerPage);
  if (!/^\d{1,9}$/.test(maxKeys)) {
    throw new AwsError(400, "InvalidArgument", "Provided max-keys not an integer or within integer range");
  }
  const encodingType = query.get("encoding-type");
  if (encodingType !== null && encodingType !== "url") {
    throw new AwsError(400, "InvalidArgument", "Invalid Encoding Method specified in Request");
  }
  const delimiter = query.get("delimiter");
  return {
    prefix: query.get("prefix") ?? "",
    ...(delimiter && { delimiter }),
    maxKeys: Math.min(maxKeysPerPage, Number(maxKeys)),
    ...(encodingType && { encodingType }),
    encode: encodingType ? encodeForUrl : (name) => name,
  };
}

/** Returns the elements that repeat the request's parameters. */
export function listHead(bucket: string, parameters: ListParameters) {
  const { prefix, delimiter, maxKeys, encodingType, encode } = parameters;
  return {
    Name: bucket,
    Prefix: encode(prefix),
    Delimiter: delimiter && encode(delimiter),
    MaxKeys: maxKeys,
    EncodingType: encodingType,
  };
}

export function commonPrefixes(names: readonly string[], parameters: ListParameters) {
  return names.map((name) => ({ Prefix: parameters.encode(name) }));
}

/** Form-encodes a name except its slashes, as S3's `encoding-type=url` does. */
function encodeForUrl(name: string): string {
  return encodeRfc3986(name).replaceAll("%2F", "/").replaceAll("%20", "+");
}
