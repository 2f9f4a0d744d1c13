import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { servedSample } from "../support/audit/sample-archive.ts";
import { loggedInOverHttp, nightshift } from "../support/cli/run-nightshift.ts";

const { shared } = servedSample();

/** A proxy that carries every connection to the lab, and notes where it was to go. */
async function openProxy(): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const lab = new URL(shared().aws.url);
  const server: Server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(502).end();
  });
  server.on("connect", (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    const upstream = connect(Number(lab.port), lab.hostname, () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [socket, upstream]) end.on("error", () => end.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe("a command behind a proxy", () => {
  const aws = { AWS_ENDPOINT_URL: "https://aws.example.com", AWS_MAX_ATTEMPTS: "1" };

  test("asks it for a tunnel to AWS, and says in one line that AWS cannot be reached", async () => {
    const { url, asked } = await openProxy();
    const environment = { ...loggedInOverHttp(shared()), ...aws, HTTPS_PROXY: url };

    const { status, err } = await nightshift(["status", "--stack", "sample"], environment);

    // The lab speaks no TLS.
    expect(asked).toEqual(["CONNECT aws.example.com:443"]);
    expect(status).toBe(2);
    expect(err).toMatch(
      /^STORAGE_FAILED: DescribeStacks nightshift-sample got no response: \S+\nAWS was not reached\. Check that AWS_REGION is right, the network, and your proxy \(HTTPS_PROXY\)/,
    );
  });

  test("asks it for a tunnel to the logs, too", async () => {
    const { url, asked } = await openProxy();
    const logs = { AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: "https://logs.example.com", AWS_MAX_ATTEMPTS: "1" };

    const { status } = await nightshift(["explain", "days-open", "--stack", "sample"], {
      ...loggedInOverHttp(shared()),
      ...logs,
      HTTPS_PROXY: url,
    });

    expect([status, asked]).toEqual([2, ["CONNECT logs.example.com:443"]]);
  });

  test("leaves it out for a host in NO_PROXY", async () => {
    const { url, asked } = await openProxy();
    const environment = { ...loggedInOverHttp(shared()), HTTP_PROXY: url, HTTPS_PROXY: url, NO_PROXY: "127.0.0.1" };

    const { status } = await nightshift(["status", "--stack", "sample"], environment);

    expect([status, asked]).toEqual([0, []]);
  });

  test("sends it plain requests, and says what it answered", async () => {
    const { url, asked } = await openProxy();
    const environment = { ...loggedInOverHttp(shared()), HTTP_PROXY: url, AWS_MAX_ATTEMPTS: "1" };

    const { status, err } = await nightshift(["status", "--bucket", "archive"], environment);

    expect(asked[0]).toMatch(new RegExp(`^GET ${shared().aws.url}/archive`));
    expect([status, err.split(":")[0]]).toEqual([2, "STORAGE_FAILED"]);
  });
});

describe("a command without a network says so in one line, and what to do,", () => {
  const closed = { AWS_ENDPOINT_URL: "http://127.0.0.1:9", AWS_MAX_ATTEMPTS: "1" };
  const commands = ["run", "follow", "stop", "pause", "resume", "credential put -"];

  test.each(commands)("%s", async (command) => {
    const text = JSON.stringify({ clientId: "a", clientSecret: "b", jwt: "a.b.c" });
    const args = [...command.split(" "), "--stack", "sample"];

    const { status, out, err } = await nightshift(
      args,
      { ...loggedInOverHttp(shared()), ...closed },
      { readInput: async () => text },
    );

    expect(err).toBe(
      "STORAGE_FAILED: DescribeStacks nightshift-sample got no response: ECONNREFUSED\nAWS was not reached. Check that AWS_REGION is right, the network, and your proxy (HTTPS_PROXY), then run the command again.\n",
    );
    expect([status, out]).toEqual([2, ""]);
  });
});

describe("a command of a stack changes nothing, and says what to do,", () => {
  const commands = ["run", "backfill --from 2026-11-01 --to 2026-11-03", "follow", "stop", "pause", "resume"];

  test.each(commands)("%s: without a login, in another region, of an unknown stack", async (command) => {
    const args = (stack: string) => [...command.split(" "), "--stack", stack];
    const { AWS_REGION, ...withoutRegion } = loggedInOverHttp(shared());

    const ends = [
      await nightshift(args("sample"), { AWS_REGION: "us-east-1" }),
      await nightshift(args("sample"), withoutRegion),
      await nightshift(args("unknown"), { ...loggedInOverHttp(shared()), AWS_REGION: "eu-west-1" }),
    ];

    expect(ends.map(({ err }) => err.split("\n")[0])).toEqual([
      "CONFIG_INVALID: No AWS credentials were found",
      "CONFIG_INVALID: No AWS region is set",
      "REQUEST_INVALID: There is no stack nightshift-unknown in eu-west-1",
    ]);
    expect(ends.map(({ status }) => status)).toEqual([2, 2, 2]);
  });
});
