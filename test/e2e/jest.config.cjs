/**
 * People at the pages: each file a whole product of its own and a real Chromium. Run by `npm run test:e2e`, after the build.
 */
module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: ['**/*.e2e.ts'],
  transform: { '^.+\\.(t|j|mj)s$': '@swc/jest' },
  // A suite waits about half of its time.
  maxWorkers: 3,
  testTimeout: 120_000,
};
