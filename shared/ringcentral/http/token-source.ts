/** Access tokens for requests; implemented in `auth/`. */
export interface TokenSource {
  /** Returns the server of the credential in use. */
  readonly server: () => Promise<string>;
  /**
   * Returns a valid token.
   * @throws CREDENTIAL_REFUSED; Pause while another function exchanges
   */
  readonly token: () => Promise<string>;
  /** Marks `token` as accepted by RingCentral for a request. */
  readonly accept: (token: string) => void;
  /**
   * Gets another token after a 401 to `token`. Returns false if `token` itself is an unaccepted replacement younger than 30 s
   * or replaces such a one, or if the limit of exchanges is reached: then the 401 may concern this URL only.
   * @throws like `token`
   */
  readonly renew: (token: string) => Promise<boolean>;
}
