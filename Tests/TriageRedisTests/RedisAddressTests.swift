import Testing
import TriageRedis

struct RedisAddressTests {
    @Test func `an address has a server, a user, a password with any sign, and a database`() throws {
        let address = try RedisAddress("rediss://triage:p%40ss%3Aw%2Frd@cache.example:6380/3")
        #expect(address.host == "cache.example" && address.port == 6380 && address.database == 3)
        #expect(address.username == "triage" && address.password == "p@ss:w/rd" && address.usesTLS)
    }

    @Test func `what is left out has its usual value`() throws {
        let address = try RedisAddress("redis://127.0.0.1")
        #expect(address.port == 6379 && address.database == 0 && !address.usesTLS)
        #expect(address.username == nil && address.password == nil)
        #expect(try RedisAddress("redis://:secret@localhost").username == nil)
        #expect(try RedisAddress("redis://:secret@localhost").password == "secret")
        #expect(try RedisAddress("redis://[::1]:7000/").host == "::1")
    }

    @Test func `no description shows a password`() throws {
        #expect(try RedisAddress("redis://u:secret@[::1]:7000/1").description == "redis://[::1]:7000/1")
    }

    @Test(arguments: [
        "", "localhost:6379", "http://localhost", "redis://", "redis://host:0", "redis://host:99999",
        "redis://host/one", "redis://host/-1", "redis://user@host", "redis://host?db=1",
        "redis://u:secret@host:0",
    ])
    func `a wrong address is an error that does not repeat it`(url: String) {
        let error = #expect(throws: RedisError.self) { try RedisAddress(url) }
        #expect(error?.description.contains("secret") == false)
    }
}

struct RedisErrorTests {
    @Test func `what a server answers is shown by its code alone: the rest may quote the password`() {
        let reply = "ERR unknown command 'AUTH', with args beginning with: 'hunter2'"
        for error in [RedisError.notAdmitted(server: "h:1", reply: reply), .replied(reply)] {
            #expect(error.description.contains("(ERR)") && !error.description.contains("hunter2"))
        }
    }
}
