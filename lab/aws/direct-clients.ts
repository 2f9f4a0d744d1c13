import { setTimeout as sleep } from "node:timers/promises";
import {
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { SdkHandler, SdkRequest, SdkResponse } from "./sdk-handler.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Result of the SDK: the fields of a response, and the HTTP response for middleware. */
interface Result {
  readonly response: SdkResponse;
  readonly output: Fields;
}

type Next = (args: { readonly input: Fields }) => Promise<Result>;
type Middleware = (next: Next) => Next;

/**
 * Stands for the SDK's S3 client where thousands of calls shall take no time: the same commands, middleware, errors and number of
 * attempts, without the SDK's own work of signing and parsing. Knows the commands that are named here.
 */
export function createDirectS3(handler: SdkHandler): S3Client {
  const middlewares: Middleware[] = [];
  const perform: Next = ({ input }) => s3Result(handler, input.command, input.fields as Fields);
  const client: object = Object.create(S3Client.prototype);
  return Object.assign(client, {
    config: {},
    middlewareStack: { add: (middleware: Middleware) => void middlewares.push(middleware) },
    send: async (command: { readonly input: Fields }) => {
      const whole = middlewares.reduce((next, middleware) => middleware(next), perform);
      const { output } = await attempted(
        () => whole({ input: { command, fields: command.input } }),
        command.input.Body,
      );
      return output;
    },
    destroy: () => {},
  }) as unknown as S3Client;
}

/** Creates such a client for Secrets Manager. */
export function createDirectSecrets(handler: SdkHandler): SecretsManagerClient {
  const client: object = Object.create(SecretsManagerClient.prototype);
  return Object.assign(client, {
    send: async (command: unknown) => {
      if (!(command instanceof GetSecretValueCommand)) throw new Error("The direct client does not know this command");
      const headers = { "x-amz-target": "secretsmanager.GetSecretValue", "content-type": "application/x-amz-json-1.1" };
      const request = { method: "POST", path: "/", headers, body: JSON.stringify(command.input) };
      return attempted(async () => {
        const response = (await handler.handle(request)).response;
        const fields = JSON.parse((await bytesOf(response)).toString());
        if (response.statusCode < 300) return fields;
        const $metadata = { httpStatusCode: response.statusCode };
        const { __type: name, Message: message } = fields;
        if (name === "ResourceNotFoundException") throw new ResourceNotFoundException({ message, $metadata });
        throw Object.assign(new Error(message), { name, $metadata });
      });
    },
    destroy: () => {},
  }) as unknown as SecretsManagerClient;
}

async function s3Result(handler: SdkHandler, command: unknown, fields: Fields): Promise<Result> {
  const { request, read } = s3Call(command, fields);
  const { response } = await handler.handle(request);
  if (response.statusCode >= 300) throw await s3Error(request, response);
  return { response, output: await read(response) };
}

interface S3Call {
  readonly request: SdkRequest;
  readonly read: (response: SdkResponse) => Fields | Promise<Fields>;
}

function s3Call(command: unknown, fields: Fields): S3Call {
  const { Bucket, Key } = fields;
  const path = `/${[Bucket, ...String(Key ?? "").split("/")].map((part) => encodeURIComponent(String(part))).join("/")}`;
  const unsigned = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
  if (command instanceof GetObjectCommand) {
    return { request: { method: "GET", path, headers: unsigned }, read: readObject };
  }
  if (command instanceof HeadObjectCommand) {
    const headers = { ...unsigned, "x-amz-checksum-mode": "ENABLED" };
    return { request: { method: "HEAD", path, headers }, read: readFacts };
  }
  if (command instanceof DeleteObjectCommand) {
    return { request: { method: "DELETE", path, headers: unsigned }, read: readFacts };
  }
  if (command instanceof PutObjectCommand) {
    const headers = { ...unsigned, ...putHeaders(command.input) };
    return { request: { method: "PUT", path, headers, body: fields.Body }, read: readFacts };
  }
  if (command instanceof ListObjectsV2Command) {
    const { Prefix = "", StartAfter, ContinuationToken } = command.input;
    const query: Record<string, string> = { "list-type": "2", prefix: Prefix };
    if (StartAfter !== undefined) query["start-after"] = StartAfter;
    if (ContinuationToken) query["continuation-token"] = ContinuationToken;
    return { request: { method: "GET", path: `/${Bucket}`, query, headers: unsigned }, read: readListing };
  }
  // No test of the direct client has rules: S3 answers 404.
  if (command instanceof GetBucketLifecycleConfigurationCommand) {
    return {
      request: { method: "GET", path: `/${Bucket}`, query: { lifecycle: "" }, headers: unsigned },
      read: unread,
    };
  }
  throw new Error("The direct client does not know this command");
}

function putHeaders(input: PutObjectCommandInput): Record<string, string> {
  const headers = {
    "content-length": input.ContentLength,
    "content-type": input.ContentType,
    "x-amz-checksum-sha256": input.ChecksumSHA256,
    "if-match": input.IfMatch,
    "if-none-match": input.IfNoneMatch,
  };
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

function readFacts({ headers }: SdkResponse): Fields {
  return {
    ETag: headers.etag,
    ContentLength: Number(headers["content-length"]),
    ContentType: headers["content-type"],
    ChecksumSHA256: headers["x-amz-checksum-sha256"],
    LastModified: new Date(headers["last-modified"] ?? 0),
  };
}

function readObject(response: SdkResponse): Fields {
  const transformToByteArray = () => bytesOf(response);
  return { ...readFacts(response), Body: Object.assign(response.body, { transformToByteArray }) };
}

function unread(): never {
  throw new Error("The direct client does not read lifecycle rules");
}

async function readListing(response: SdkResponse): Promise<Fields> {
  const text = (await bytesOf(response)).toString();
  const elementOf = (part: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(part)?.[1];
  const Contents = text
    .split("<Contents>")
    .slice(1)
    .map((part) => ({
      Key: decodeXml(elementOf(part, "Key") ?? ""),
      LastModified: new Date(elementOf(part, "LastModified") ?? 0),
      ETag: decodeXml(elementOf(part, "ETag") ?? ""),
      Size: Number(elementOf(part, "Size")),
    }));
  const next = elementOf(text, "NextContinuationToken");
  return { Contents, NextContinuationToken: next && decodeXml(next) };
}

async function s3Error({ method }: SdkRequest, response: SdkResponse): Promise<Error> {
  const text = (await bytesOf(response)).toString();
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? "Unknown";
  const name = method === "HEAD" && response.statusCode === 404 ? "NotFound" : code;
  const $metadata = { httpStatusCode: response.statusCode, requestId: response.headers["x-amz-request-id"] };
  return Object.assign(new Error(name), { name, $metadata });
}

async function bytesOf({ body }: SdkResponse): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece as Buffer);
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };

function decodeXml(text: string): string {
  return text.replace(/&(?:(\w+)|#x([0-9a-fA-F]+)|#(\d+));/g, (whole, name, hex, decimal) => {
    if (name) return entities[name] ?? whole;
    return String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal));
  });
}

/** Retries as in the SDK's standard mode (SDKs and tools reference: retry behavior). */
const attempts = 3;
const firstWaitMs = 100;

async function attempted<T>(work: () => Promise<T>, body?: unknown): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      // A stream cannot be sent twice.
      const isRepeatable = body === undefined || typeof body === "string" || body instanceof Uint8Array;
      if (attempt === attempts || !isRepeatable || !isTransient(error)) throw error;
      await sleep(Math.random() * firstWaitMs * 2 ** attempt);
    }
  }
}

function isTransient(error: unknown): boolean {
  const { name, code, $metadata } = error as {
    readonly name?: string;
    readonly code?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return status >= 500 || status === 429;
  return name === "TimeoutError" || code === "ECONNRESET";
}
