/** Access tokens for requests, as `auth/` provides them. */
export interface TokenSource {
  /** The server that the credential in use belongs to. */
  readonly server: () => Promise<string>;
  /**
   * A token that RingCentral should accept.
   * @throws JobError CREDENTIAL_REFUSED; Pause while another holder is exchanging
   */
  readonly token: () => Promise<string>;
  /** Says that RingCentral accepted `token` for a request. */
  readonly accept: (token: string) => void;
  /**
   * Gets another token after a 401 to `token`. False if there should be none: `token` replaced one less than 30 s ago and
   * was never accepted, or too many were exchanged. Then the 401 may concern the address alone.
   * @throws like `token`
   */
  readonly renew: (token: string) => Promise<boolean>;
}
