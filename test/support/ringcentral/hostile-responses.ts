import fc from "fast-check";
import { jsonText, mutated, planted } from "./hostile-json.ts";
import { noResponse } from "./scripted-client.ts";

/** Result of a request: a response, or none. */
export type HostileResponse = (init: RequestInit) => Response | Promise<Response>;

const withoutBody: readonly number[] = [204, 205, 304];
const encode = (text: string) => new TextEncoder().encode(text);

const numberTexts = fc.oneof(
  fc.constantFrom("0", "1", "-1", "60", "1000000000000", "9".repeat(5_000), "NaN", "Infinity", "-0", "0x10", "1e9"),
  fc.constantFrom("", "5, 5", "1.5", "Wed, 21 Oct 2026 07:28:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", planted),
  fc.nat({ max: 20 }).map(String),
  fc.nat().map(String),
);
const anyText = fc.string({ maxLength: 20 }).map((text) => text.trim());
const links = fc.oneof(
  fc.constantFrom("/restapi", "https://evil.example/", "https://user@platform.example.com/", "javascript:alert(1)"),
  fc.constantFrom("//evil.example", "https://[", "https://platform.example.com/x", `/${planted}`, "a".repeat(20_000)),
  fc.webUrl(),
  anyText,
);
const oddTypes = fc.constantFrom("audio/mpeg", "audio/x-wav; x=y", "application/json", `audio/${planted}`, "", ";;");
const ranges = fc.oneof(
  fc.constantFrom("bytes 0-3/10", "bytes 4-9/10", "bytes */0", "bytes 0-3/*", `bytes 0-3/${"9".repeat(400)}`, planted),
  fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 40 })).map(([from, whole]) => `bytes ${from}-${from}/${whole}`),
);

const headers = fc.record(
  {
    "x-rate-limit-limit": numberTexts,
    "x-rate-limit-remaining": numberTexts,
    "x-rate-limit-window": numberTexts,
    "retry-after": numberTexts,
    "content-length": numberTexts,
    "content-type": oddTypes,
    "content-range": ranges,
    etag: fc.constantFrom('"one"', 'W/"two"', planted),
    location: links,
    rcrequestid: fc.constantFrom("f88750c0-259c-11e7-bfc6-005056977b15", planted),
    "www-authenticate": fc.constantFrom("Bearer", planted, 'Basic realm="'),
  },
  { requiredKeys: [] },
);

const statuses = fc.oneof(
  { arbitrary: fc.constant(200), weight: 4 },
  { arbitrary: fc.constantFrom(206, 204, 302, 307, 400, 401, 403, 404, 408, 416, 429, 500, 503), weight: 3 },
  { arbitrary: fc.integer({ min: 200, max: 599 }), weight: 1 },
);

const broke = () => new TypeError(`terminated ${planted}`);

/** How a body arrives. */
type Delivery = "whole" | "pieces" | "broken" | "breaks off" | "endless" | "stalls";
const finite: readonly Delivery[] = ["whole", "whole", "whole", "pieces", "broken", "breaks off", "endless"];

function stream(text: string, how: Exclude<Delivery, "whole">): ReadableStream<Uint8Array> {
  const bytes = encode(text);
  const middle = bytes.length >> 1;
  return new ReadableStream({
    start: (controller) => {
      if (how === "broken") return controller.error(broke());
      controller.enqueue(bytes.subarray(0, middle));
      if (how === "stalls") return;
      controller.enqueue(bytes.subarray(middle));
      if (how === "pieces") controller.close();
    },
    pull: async (controller) => {
      if (how === "breaks off") controller.error(broke());
      else if (how === "endless") controller.enqueue(new Uint8Array(8_192).fill(32));
      else await new Promise(() => {});
    },
  });
}

export interface HostileResponseOptions {
  /** Headers of most responses. */
  readonly usual?: Readonly<Record<string, string>>;
  /** True if responses and bodies may be missing. @default true */
  readonly hangs?: boolean;
}

/** Generates responses of a hostile RingCentral in place of `document`. */
export function hostileResponses(
  document: unknown,
  options: HostileResponseOptions = {},
): fc.Arbitrary<HostileResponse> {
  const { usual = {}, hangs = true } = options;
  const texts = fc.oneof(
    { arbitrary: mutated(document), weight: 5 },
    { arbitrary: mutated(refusal), weight: 2 },
    {
      arbitrary: fc.oneof(jsonText, anyText, fc.constantFrom("<html>", "[".repeat(50_000), nested(20_000))),
      weight: 1,
    },
  );
  const deliveries = fc.constantFrom<Delivery>(...finite, ...(hangs ? (["stalls"] as const) : []));
  const responses = fc
    .record({ status: statuses, headers, text: texts, how: deliveries })
    .map(({ status, headers, text, how }): HostileResponse => {
      const body = () => (withoutBody.includes(status) ? null : how === "whole" ? encode(text) : stream(text, how));
      const happening = () => new Response(body(), { status, headers: { ...usual, ...headers } });
      return Object.assign(happening, { [fc.toStringMethod]: () => fc.stringify({ status, headers, text, how }) });
    });
  const broken = () => Promise.reject(broke());
  const faults = fc.constantFrom<HostileResponse>(broken, ...(hangs ? [noResponse] : []));
  return fc.oneof({ arbitrary: responses, weight: 20 }, { arbitrary: faults, weight: 1 });
}

/** RingCentral's form of an error (guide: errors), with text that must not be repeated. */
const refusal = {
  error: "invalid_grant",
  errorCode: "CMN-408",
  message: planted,
  errors: [{ errorCode: "CMN-408", message: planted, permissionName: "ReadCallLog" }],
  permissionName: "ReadCallLog",
};

/** Returns a page with a record nested so deeply that it can be parsed but not written again. */
function nested(levels: number): string {
  return `{"records":[{"deep":${"[".repeat(levels)}${"]".repeat(levels)}}]}`;
}
