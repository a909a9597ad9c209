// If these failed, what people see and decide could be read or made by whoever sits on the line.
#include <gtest/gtest.h>

#include <vector>

#include "apps/api/certificates.hpp"
#include "apps/api/client.hpp"
#include "apps/api/served.hpp"

namespace apps::api {
namespace {

using example::Authority;
using example::body_of;
using example::Client;
using example::get;
using example::Served;
using example::Speaks;
using example::status_of;
using example::Validity;
using std::chrono::milliseconds;

ServerOptions with_server_tls(const TlsFiles& files, const std::string& client_ca = "") {
  ServerOptions options;
  options.tls = files;
  options.tls->client_ca = client_ca;
  return options;
}

TEST(ApiTls, AnswersAndStreamsAsInTheClear) {
  Authority authority("tls");
  Served s(with_server_tls(authority.issue("server")));
  Client c(s.server, Speaks{.ca = authority.ca()});
  ASSERT_TRUE(c.shaken());
  EXPECT_STREQ(SSL_get_version(c.ssl()), "TLSv1.3");
  const std::string answer = c.ask(get("/v1/lots/L7", s.bearer("vera")));
  EXPECT_EQ(status_of(answer), "200");
  EXPECT_NE(answer.find("Strict-Transport-Security: max-age=31536000\r\n"), std::string::npos);
  c.send(get("/v1/me", s.bearer("vera")) + get("/v1/health"));
  EXPECT_EQ(status_of(c.answer()), "200");
  EXPECT_EQ(status_of(c.answer()), "200");
  c.send(get("/v1/events", s.bearer("vera")));
  static_cast<void>(c.until("retry"));
  s.server.publish({.type = "state", .json = "{\"n\":1}"});
  EXPECT_NE(c.until("n\":1").find("event: state\ndata: {\"n\":1}\n\n"), std::string::npos);
  s.house.ask("vera", "DELETE", "/v1/tokens/current");
  EXPECT_TRUE(c.closed());
  Client last(s.server, Speaks{.ca = authority.ca()});
  EXPECT_EQ(status_of(last.ask(get("/v1/health", "Connection: close\r\n"))), "200");
  EXPECT_TRUE(last.closed());
}

TEST(ApiTls, OldOrWeakTlsIsRefused) {  // reliability C4, test 29
  Authority authority("tls-old");
  Served s(with_server_tls(authority.issue("server")));
  const auto shakes = [&](Speaks speaks) {
    Client c(s.server, std::move(speaks));
    return c.shaken();
  };
  EXPECT_TRUE(shakes({.least = TLS1_2_VERSION, .most = TLS1_2_VERSION}));
  EXPECT_FALSE(shakes({.least = TLS1_1_VERSION, .most = TLS1_1_VERSION}));
  EXPECT_FALSE(shakes({.least = TLS1_VERSION, .most = TLS1_VERSION}));
  for (const char* ciphers : {"AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA",
                              "ECDHE-ECDSA-AES128-SHA256", "aNULL:eNULL@SECLEVEL=0", "DHE+AES"})
    EXPECT_FALSE(shakes({.most = TLS1_2_VERSION, .ciphers = ciphers})) << ciphers;
  for (const char* ciphers : {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"})
    EXPECT_TRUE(shakes({.most = TLS1_2_VERSION, .ciphers = ciphers})) << ciphers;
  EXPECT_EQ(s.server.counts().handshakes_failed, 7U);
  EXPECT_FALSE(s.logged.empty());
  EXPECT_EQ(s.logged[0].find("handshake failed: "), 0U) << s.logged[0];
}

TEST(ApiTls, NoResumptionAndNoRenegotiation) {
  Authority authority("tls-again");
  Served s(with_server_tls(authority.issue("server")));
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    Client c(s.server, Speaks{.least = version, .most = version});
    EXPECT_EQ(status_of(c.ask(get("/v1/health"))), "200");
    SSL_SESSION* session = SSL_get1_session(c.ssl());
    Client again(s.server, Speaks{.least = version, .most = version, .again = session});
    ASSERT_TRUE(again.shaken());
    EXPECT_EQ(SSL_session_reused(again.ssl()), 0);
    SSL_SESSION_free(session);
  }
  Client c(s.server, Speaks{.most = TLS1_2_VERSION});
  ASSERT_TRUE(c.shaken());
  ASSERT_EQ(SSL_renegotiate(c.ssl()), 1);
  const std::string answer = c.ask(get("/v1/health"));
  EXPECT_NE(status_of(answer), "200") << "it was renegotiated";
}

TEST(ApiTls, PlainTextIsNoTls) {
  Authority authority("tls-plain");
  Served s(with_server_tls(authority.issue("server")));
  Client plain(s.server);
  const std::string answer = plain.ask(get("/v1/me", s.bearer("vera")));
  EXPECT_EQ(answer.find("HTTP/"), std::string::npos) << answer;
  EXPECT_TRUE(plain.closed());
}

TEST(ApiTls, AClientKnowsAWrongServer) {
  Authority right("tls-right"), wrong("tls-wrong");
  Served s(with_server_tls(wrong.issue("server")));
  Client c(s.server, Speaks{.ca = right.ca()});
  EXPECT_FALSE(c.shaken());
}

TEST(ApiTls, WhereClientsNeedACertificateItMustBeARightOne) {
  Authority authority("tls-site"), other("tls-other");
  Served s(with_server_tls(authority.issue("server"), authority.ca()));
  const auto status = [&](const TlsFiles& own) {
    Client c(s.server,
             Speaks{.ca = authority.ca(), .certificate = own.certificate, .key = own.key});
    return status_of(c.ask(get("/v1/health")));  // TLS 1.3 tells of it after the handshake
  };
  EXPECT_EQ(status(authority.issue("panel")), "200");
  EXPECT_EQ(status({}), "none");
  EXPECT_EQ(status(other.issue("panel")), "none") << "of another authority";
  EXPECT_EQ(status(authority.issue("old", Validity::Past)), "none") << "expired";
  EXPECT_EQ(s.server.counts().handshakes_failed, 3U);
}

TEST(ApiTls, HalfAHandshakeIsCutOff) {
  Authority authority("tls-half");
  ServerOptions options = with_server_tls(authority.issue("server"));
  options.handshake_time = milliseconds(150);
  Served s(options);
  Client silent(s.server), half(s.server);
  half.send(std::string("\x16\x03\x01\x02\x00\x01\x00", 7));
  EXPECT_TRUE(silent.closed());
  EXPECT_TRUE(half.closed());
  EXPECT_EQ(s.server.counts().timed_out, 2U);
  EXPECT_EQ(s.server.connections(), 0U);
}

}  // namespace
}  // namespace apps::api
