/** Routes of a server, to distinguish a wrong method (405) from an unknown path (404). */
export class RouteTable {
  private readonly routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];

  /** `url` with its parameters as `:name`. */
  add(url: string, methods: string | readonly string[]): void {
    const parts = url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
    this.routes.push({ pattern: new RegExp(`^${parts.join('/')}$`), methods: [methods].flat() });
  }

  /** Methods of the path of `url`, sorted; empty for an unknown path. */
  methodsOf(url: string): readonly string[] {
    const path = url.split('?', 1)[0] ?? '';
    return [...new Set(this.routes.filter((route) => route.pattern.test(path)).flatMap((route) => route.methods))].sort();
  }
}
