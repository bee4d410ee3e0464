/** Direction: contracts <- core packages <- ports and adapters <- services <- simulators, test. */
const CORE = "^packages/(grid|airquality|detection|tickets)/";
const ADAPTERS = "^packages/(bus|store|runtime)/";
/** Starts servers of others (nats-server, Mosquitto, …) for whatever test needs one. */
const SERVERS = "^test/harness/servers/";

export default {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    { name: "no-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "contracts-depend-on-nothing",
      severity: "error",
      from: { path: "^packages/contracts/" },
      to: { path: "^(packages/(?!contracts/)|services|simulators|test)/" },
    },
    {
      name: "core-is-pure",
      comment: "no I/O, clock or logger in the core",
      severity: "error",
      from: { path: CORE, pathNot: "\\.test\\.ts$" },
      to: {
        path: "^(packages/(bus|store|runtime)|services|simulators|test|seeds)/|^(node:)?(fs|net|http|child_process|worker_threads|sqlite|os|timers)",
      },
    },
    {
      name: "adapters-below-services",
      severity: "error",
      from: { path: ADAPTERS },
      to: { path: "^(services|simulators|test)/", pathNot: SERVERS },
    },
    {
      name: "servers-are-for-tests",
      severity: "error",
      from: { pathNot: "\\.test\\.ts$|^test/|/testing[./-]" },
      to: { path: SERVERS },
    },
    {
      name: "services-never-import-services",
      comment: "services/hotgrid is the composition of all in one process",
      severity: "error",
      from: { path: "^services/([^/]+)/", pathNot: "^services/hotgrid/" },
      to: { path: "^services/([^/]+)/", pathNot: "^services/$1/" },
    },
    {
      name: "services-below-simulators",
      severity: "error",
      from: { path: "^services/" },
      to: { path: "^(simulators|test)/", pathNot: SERVERS },
    },
    {
      name: "packages-by-their-front-door",
      severity: "error",
      from: { path: "^(packages|services|simulators)/([^/]+)/" },
      to: { path: "^packages/([^/]+)/src/(?!index\\.ts|testing\\.ts)", pathNot: "^$1/$2/" },
    },
  ],
  options: {
    parser: "swc",
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|node_modules)/|^services/console/web/" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
