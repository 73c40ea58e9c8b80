// The arrows of the architecture. test/boundaries proves each rule by a deliberate violation.
const spec = '\\.spec\\.ts$';
const inPackages = (...names) => `node_modules/(${names.join('|')})`;
const services = 'order|logistics|refund|after-sales|settings';
const nouns = `^apps/(?:${services})/src/(?:purchase/)?(?!main\\.ts$|[^/]+\\.module\\.ts$)[^/]+\\.ts$`;
const flows = '^apps/([^/]+)/src/flows/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'apps-not-each-other', severity: 'error', from: { path: '^apps/([^/]+)/' }, to: { path: '^apps/', pathNot: '^apps/$1/' } },
    { name: 'libs-not-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    { name: 'code-not-tests', severity: 'error', from: { path: '^(apps|libs)/', pathNot: spec }, to: { path: ['^test/', spec] } },
    {
      name: 'libs-by-their-index',
      severity: 'error',
      from: { path: '^(?:apps|libs)/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'kernel-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^libs/kernel/' },
      to: { path: '^libs/', pathNot: '^libs/kernel/' },
    },
    {
      name: 'contracts-only-kernel',
      severity: 'error',
      from: { path: '^libs/contracts/' },
      to: { path: '^libs/', pathNot: '^libs/(contracts|kernel)/' },
    },
    {
      name: 'domain-knows-no-framework',
      severity: 'error',
      from: { path: [nouns, flows], pathNot: spec },
      to: { path: inPackages('@nestjs/', 'typeorm/', 'kafkajs/', 'pg/', '@types/pg/') },
    },
    {
      name: 'domain-knows-no-platform',
      severity: 'error',
      from: { path: [nouns, flows], pathNot: spec },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'flow-files-only-flows',
      severity: 'error',
      from: { path: flows, pathNot: spec },
      to: { path: '^libs/', pathNot: '^libs/(flows|kernel)/' },
    },
    { name: 'xstate-only-in-flows', severity: 'error', from: { pathNot: '^libs/flows/' }, to: { path: inPackages('xstate/') } },
    {
      name: 'kafkajs-only-in-messaging',
      severity: 'error',
      from: { pathNot: ['^libs/messaging/', '^apps/partners/', '^deploy/contracts/clients/', '^test/'] },
      to: { path: inPackages('kafkajs(-published)?/') },
    },
    // the API costs nothing until a process registers the SDK
    {
      name: 'telemetry-sdk-only-in-platform',
      severity: 'error',
      from: { pathNot: ['^libs/platform/', spec] },
      to: { path: inPackages('@opentelemetry/(?!api/)') },
    },
    {
      name: 'typeorm-only-in-stores',
      severity: 'error',
      from: { pathNot: ['^libs/(event-sourcing|platform)/', '^(apps|libs)/[^/]+/src/migrations(/|\\.ts$)', '^apps/console/'] },
      to: { path: inPackages('typeorm/', '@nestjs/typeorm/') },
    },
    {
      name: 'partners-are-strangers',
      severity: 'error',
      from: { path: '^(apps/partners|deploy)/' },
      to: { path: '^(libs|apps/(?!partners/))' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
