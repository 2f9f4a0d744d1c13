import { createHmac } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { decodeChunks } from "./aws-chunked.ts";

/** The credentials, time and bytes of the worked examples in the S3 API reference, "Signature calculations … multiple chunks". */
const timestamp = "20130524T000000Z";
const scope = "20130524/us-east-1/s3/aws4_request";
const key = ["us-east-1", "s3", "aws4_request"].reduce(
  (secret, word) => createHmac("sha256", secret).update(word).digest(),
  createHmac("sha256", "AWS4wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY").update("20130524").digest(),
);
const sizes = [65_536, 1024, 0];

const plain = {
  signed: { key, timestamp, scope, signature: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9" },
  framed: `${frame([
    "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
    "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
  ])}\r\n`,
};

const withTrailer = {
  signed: { key, timestamp, scope, signature: "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e" },
  framed:
    frame([
      "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
      "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
      "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
    ]) +
    "x-amz-checksum-crc32c:sOO8/Q==\r\n" +
    "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n",
};

/** Returns a body whose last chunk is empty and followed by the trailer. */
function frame(signatures: readonly string[]): string {
  const chunks = signatures.map((signature, index) => {
    const size = sizes[index] ?? 0;
    return `${size.toString(16)};chunk-signature=${signature}\r\n${size > 0 ? `${"a".repeat(size)}\r\n` : ""}`;
  });
  return chunks.join("");
}

async function* inPieces(text: string, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < text.length; start += size) yield Buffer.from(text.slice(start, start + size));
}

describe("an aws-chunked body", () => {
  test.each([
    ["a chunk", plain.signed, plain.framed.replace("0055627c", "0055627d")],
    ["the last, empty chunk", plain.signed, plain.framed.replace("b6c6ea8a", "b6c6ea8b")],
    ["a trailer", withTrailer.signed, withTrailer.framed.replace("d81f82fc", "d81f82fd")],
    ["a trailer that was changed", withTrailer.signed, withTrailer.framed.replace("sOO8", "sOO9")],
  ])("is refused if the signature of %s is wrong", async (_what, signed, framed) => {
    const decoded = buffer(decodeChunks({ pieces: inPieces(framed, 9000), signed, trailers: new Map() }));

    await expect(decoded).rejects.toMatchObject({ code: "SignatureDoesNotMatch" });
  });

  test.each([61, 4096, 100_000])("is decoded if %i bytes arrive at a time", async (size) => {
    const { signed, framed } = plain;

    const decoded = await buffer(decodeChunks({ pieces: inPieces(framed, size), signed, trailers: new Map() }));

    expect(decoded.equals(Buffer.alloc(66_560, "a"))).toBe(true);
  });

  test("hands over the trailer that was verified", async () => {
    const trailers = new Map<string, string>();
    const { signed, framed } = withTrailer;

    const decoded = await buffer(decodeChunks({ pieces: inPieces(framed, 4096), signed, trailers }));

    expect(decoded).toHaveLength(66_560);
    expect(trailers.get("x-amz-checksum-crc32c")).toBe("sOO8/Q==");
  });
});
