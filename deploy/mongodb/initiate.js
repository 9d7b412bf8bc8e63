// Makes the single server a replica set and the ledger its own user, as often as one likes. Run with mongosh --nodb.
const fs = require("fs");
const secret = (name) => fs.readFileSync(`/run/secrets/${name}`, "utf8").trim();
const server = new Mongo("mongodb://mongodb:27017/?directConnection=true");
const admin = server.getDB("admin");
admin.auth("root", secret("mongodb-root"));
try {
  admin.runCommand({ replSetGetStatus: 1 }).ok === 1 || initiate();
} catch (error) {
  initiate();
}
function initiate() {
  admin.runCommand({ replSetInitiate: { _id: "rs0", members: [{ _id: 0, host: "mongodb:27017" }] } });
}
while (!admin.hello().isWritablePrimary) {
  sleep(200);
}
const navaar = server.getDB("navaar");
const roles = [{ role: "readWrite", db: "navaar" }];
if (navaar.getUser("ledger") === null) {
  navaar.createUser({ user: "ledger", pwd: secret("mongodb-ledger"), roles: roles });
} else {
  navaar.updateUser("ledger", { pwd: secret("mongodb-ledger"), roles: roles });
}
print("the replica set is ready");
