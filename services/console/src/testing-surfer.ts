/** A browser that goes from site to site as redirects say, with a cookie jar for each. */
export class TestSurfer {
  readonly #hosts: Readonly<Record<string, string>>;
  readonly #jars = new Map<string, Map<string, string>>();

  /** @param hosts where an origin really is, as a proxy would know: { "https://city.example": "http://127.0.0.1:8080" } */
  constructor(hosts: Readonly<Record<string, string>> = {}) {
    this.#hosts = hosts;
  }

  /** Asks once. */
  async visit(url: string): Promise<Response> {
    const { origin } = new URL(url);
    const jar = this.#jars.get(origin) ?? new Map<string, string>();
    this.#jars.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url.replace(origin, this.#hosts[origin] ?? origin), {
      redirect: "manual",
      headers: cookie === "" ? {} : { cookie },
    });
    for (const set of response.headers.getSetCookie()) {
      const [pair = ""] = set.split(";");
      const [name = "", ...value] = pair.split("=");
      if (value.join("=") === "" || /expires=thu, 01 jan 1970/i.test(set)) jar.delete(name);
      else jar.set(name, value.join("="));
    }
    return response;
  }

  /** Follows redirects until one leads to an address that `until` knows, which is answered and not visited. */
  async follow(from: string, until: (url: string) => boolean): Promise<string> {
    let url = from;
    for (let step = 0; step < 12; step++) {
      const response = await this.visit(url);
      const location = response.headers.get("location");
      if (location === null) throw new Error(`${url} was answered ${response.status}: ${await response.text()}`);
      url = new URL(location, url).href;
      if (until(url)) return url;
    }
    throw new Error(`no end of redirects, last to ${url}`);
  }

  cookie(origin: string, name: string): string | undefined {
    return this.#jars.get(origin)?.get(name);
  }
}
