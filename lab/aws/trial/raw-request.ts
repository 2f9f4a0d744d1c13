import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { labCredentials } from "./lab-under-test.ts";

/** A request as no SDK would send it: signed, but otherwise exactly as the test says. */
export interface RawRequest {
  readonly url: string;
  readonly method?: string;
  readonly path: string;
  /** The value of `x-amz-content-sha256`. */
  readonly payload?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent, but not signed. */
  readonly unsigned?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | ((signing: Signing) => string);
  readonly now?: Date;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The `Code` of S3's error document. */
  readonly code: string | undefined;
}

export interface Signing {
  readonly key: Buffer;
  readonly timestamp: string;
  readonly scope: string;
  readonly signature: string;
}

export async function sendRaw(raw: RawRequest): Promise<RawResponse> {
  const { url, method = "PUT", path, payload = "UNSIGNED-PAYLOAD", now = new Date() } = raw;
  const timestamp = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const given = { ...raw.headers, host: new URL(url).host, "x-amz-date": timestamp, "x-amz-content-sha256": payload };
  const signing = sign(method, path, given);
  const body = typeof raw.body === "function" ? raw.body(signing) : (raw.body ?? "");
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${labCredentials.accessKeyId}/${signing.scope}, ` +
    `SignedHeaders=${namesOf(given).join(";")}, Signature=${signing.signature}`;
  const sent = request(url + path, { method, headers: { ...given, authorization, ...raw.unsigned } });
  sent.end(body);
  const [response] = await once(sent, "response");
  const document = await text(response);
  return {
    status: response.statusCode,
    headers: response.headers,
    text: document,
    code: /<Code>(.*)<\/Code>/.exec(document)?.[1],
  };
}

/** Frames `chunks` as aws-chunked, each signed on the previous one. */
export function signedChunks(chunks: readonly string[], signing: Signing): string {
  let previous = signing.signature;
  return [...chunks, ""]
    .map((chunk) => {
      const words = ["AWS4-HMAC-SHA256-PAYLOAD", signing.timestamp, signing.scope, previous, hash(""), hash(chunk)];
      previous = hmac(signing.key, words.join("\n")).toString("hex");
      return `${chunk.length.toString(16)};chunk-signature=${previous}\r\n${chunk}\r\n`;
    })
    .join("");
}

function sign(method: string, path: string, headers: Readonly<Record<string, string>>): Signing {
  const timestamp = headers["x-amz-date"] ?? "";
  const day = timestamp.slice(0, 8);
  const scope = `${day}/us-east-1/s3/aws4_request`;
  const names = namesOf(headers);
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
  const canonical = [method, path, "", lines, names.join(";"), headers["x-amz-content-sha256"]].join("\n");
  const secret = `AWS4${labCredentials.secretAccessKey}`;
  const key = hmac(hmac(hmac(hmac(secret, day), "us-east-1"), "s3"), "aws4_request");
  const signature = hmac(key, ["AWS4-HMAC-SHA256", timestamp, scope, hash(canonical)].join("\n")).toString("hex");
  return { key, timestamp, scope, signature };
}

function namesOf(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(headers).sort();
}

function hmac(key: string | Buffer, words: string): Buffer {
  return createHmac("sha256", key).update(words).digest();
}

function hash(words: string): string {
  return createHash("sha256").update(words).digest("hex");
}
