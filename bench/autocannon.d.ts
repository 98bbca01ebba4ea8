declare module "autocannon" {
  interface Result {
    readonly non2xx: number;
    readonly errors: number;
    readonly requests: { readonly average: number };
  }
  const run: (options: {
    url: string;
    method: string;
    headers: Record<string, string>;
    connections: number;
    duration: number;
  }) => Promise<Result>;
  // biome-ignore lint/style/noDefaultExport: that is how the package exports it
  export default run;
}
