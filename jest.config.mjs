const libs = ['kernel', 'contracts', 'event-sourcing', 'flows', 'messaging', 'key-ring', 'settings', 'platform', 'dev-services'];

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  testTimeout: 30_000,
  workerIdleMemoryLimit: '512MB',
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true, dynamicImport: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
      },
    ],
  },
  // cookie is ESM only and is required by CommonJS packages
  transformIgnorePatterns: ['/node_modules/(?!(?:.+/)?cookie/)'],
  moduleNameMapper: {
    ...Object.fromEntries(libs.map((lib) => [`^@orderloom/${lib}$`, `<rootDir>/libs/${lib}/src/index.ts`])),
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};
