// Makes the servers in MEMBERS (comma-separated, first one first) a replica set, and the ledger its own user. Run it with
// mongosh --nodb, as often as you like.
const fs = require("fs");
const secret = (name) => fs.readFileSync(`/run/secrets/${name}`, "utf8").trim();
const members = (process.env.MEMBERS || "mongodb:27017").split(",");
const server = new Mongo(`mongodb://${members[0]}/?directConnection=true`);
const admin = server.getDB("admin");
admin.auth("root", secret("mongodb-root"));
try {
  admin.runCommand({ replSetGetStatus: 1 }).ok === 1 || initiate();
} catch (error) {
  initiate();
}
function initiate() {
  // The first has the users, so it is the one to be elected first.
  const config = members.map((host, number) => ({ _id: number, host: host, priority: number === 0 ? 2 : 1 }));
  admin.runCommand({ replSetInitiate: { _id: "rs0", members: config } });
}
const set = new Mongo(`mongodb://${members.join(",")}/?replicaSet=rs0`);
set.getDB("admin").auth("root", secret("mongodb-root"));
while (!set.getDB("admin").hello().isWritablePrimary) {
  sleep(200);
}
const navaar = set.getDB("navaar");
const roles = [{ role: "readWrite", db: "navaar" }];
if (navaar.getUser("ledger") === null) {
  navaar.createUser({ user: "ledger", pwd: secret("mongodb-ledger"), roles: roles });
} else {
  navaar.updateUser("ledger", { pwd: secret("mongodb-ledger"), roles: roles });
}
print("the replica set is ready");
