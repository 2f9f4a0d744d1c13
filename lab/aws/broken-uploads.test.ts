import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Aws } from "./server.ts";
import { enterFolderLab } from "./trial/lab-under-test.ts";
import { type RawRequest, sendRaw, signedChunks } from "./trial/raw-request.ts";

const trailing = {
  payload: "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
  headers: { "x-amz-trailer": "x-amz-checksum-crc32", "x-amz-decoded-content-length": "5" },
};

function crc(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return bytes.toString("base64");
}

async function storedIn(aws: Aws & { readonly dir: string }): Promise<readonly string[]> {
  return [
    ...(await readdir(join(aws.dir, "archive"))),
    ...(await readdir(join(aws.dir, ".lab", "archive", "bytes"))),
    ...(await readdir(join(aws.dir, ".lab", "archive", "keys"))),
  ];
}

describe("an upload stores nothing", () => {
  const refused: readonly [string, string, Omit<RawRequest, "url" | "path">][] = [
    [
      "with a wrong trailing checksum",
      "400 BadDigest",
      { ...trailing, body: `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${crc("hullo")}\r\n\r\n` },
    ],
    [
      "without the trailing checksum it announced",
      "400 MalformedTrailerError",
      { ...trailing, body: "5\r\nhello\r\n0\r\n\r\n" },
    ],
    [
      "whose chunks are shorter than it said",
      "400 IncompleteBody",
      { ...trailing, body: `4\r\nhell\r\n0\r\nx-amz-checksum-crc32:${crc("hell")}\r\n\r\n` },
    ],
    ["whose framing breaks off", "400 IncompleteBody", { ...trailing, body: "5\r\nhel" }],
    [
      "with a small chunk before the last",
      "403 InvalidChunkSizeError",
      { ...trailing, body: `3\r\nhel\r\n2\r\nlo\r\n0\r\nx-amz-checksum-crc32:${crc("hello")}\r\n\r\n` },
    ],
    [
      "with a chunk that is not what was signed",
      "403 SignatureDoesNotMatch",
      {
        payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        headers: { "x-amz-decoded-content-length": "5" },
        body: (signing) => signedChunks(["hello"], signing).replace("hello", "hullo"),
      },
    ],
    [
      "with a body that is not what was signed",
      "400 XAmzContentSHA256Mismatch",
      { payload: createHash("sha256").update("other").digest("hex"), body: "hello" },
    ],
    [
      "with two checksums",
      "400 InvalidRequest",
      { headers: { "x-amz-checksum-crc32": "a", "x-amz-checksum-sha1": "b" } },
    ],
    ["of unknown length", "411 MissingContentLength", { headers: { "transfer-encoding": "chunked" }, body: "hello" }],
  ];

  test.each(refused)("%s", async (_rule, refusal, raw) => {
    const aws = await enterFolderLab();

    const response = await sendRaw({ url: aws.url, path: "/archive/a", ...raw });

    expect(`${response.status} ${response.code}`).toBe(refusal);
    expect(await storedIn(aws)).toEqual([]);
    expect(aws.counters().puts.stored).toBe(0);
  });

  test("when its connection breaks in the middle", async () => {
    const aws = await enterFolderLab();
    const arrived = new Promise<void>((resolve) => aws.setObserver(() => resolve()));
    const port = Number(new URL(aws.url).port);
    const socket = connect(port, "127.0.0.1");
    socket.write("PUT /archive/a HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf");
    await arrived;

    socket.destroy();
    await once(socket, "close");
    await aws.stop();

    expect(await storedIn(aws)).toEqual([]);
  });
});

describe("an upload is stored", () => {
  test("from chunks that are each signed on the one before", async () => {
    const aws = await enterFolderLab();
    const [first, last] = ["a".repeat(65_536), "b".repeat(1024)];

    const response = await sendRaw({
      url: aws.url,
      path: "/archive/a",
      payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
      headers: {
        "x-amz-decoded-content-length": String(first.length + last.length),
        "content-encoding": "aws-chunked",
      },
      body: (signing) => signedChunks([first, last], signing),
    });

    expect(response.status).toBe(200);
    expect((await aws.read("archive", "a")).toString()).toBe(first + last);
  });

  test("with the trailing checksum it announced", async () => {
    const aws = await enterFolderLab();
    const body = `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${crc("hello")}\r\n\r\n`;

    const response = await sendRaw({ url: aws.url, path: "/archive/a", ...trailing, body });

    expect(response).toMatchObject({ status: 200, headers: { "x-amz-checksum-crc32": crc("hello") } });
    expect((await aws.read("archive", "a")).toString()).toBe("hello");
  });
});
