/** Response of an endpoint, before faults and the network change it. */
export interface LabResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** At most one of `json` and `media`. */
  readonly json?: unknown;
  readonly media?: Media;
}

/** Bytes that are generated while they are sent. */
export interface Media {
  readonly contentType: string;
  readonly length: number;
  readonly withLength: boolean;
  readonly chunks: (length: number) => Iterable<Buffer> | AsyncIterable<Buffer>;
}

/** Thrown anywhere below an endpoint to respond at once. */
export class Refusal extends Error {
  readonly response: LabResponse;

  constructor(response: LabResponse) {
    super(`answered ${response.status}`);
    this.response = response;
  }
}
