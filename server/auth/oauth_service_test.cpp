#include "server/auth/oauth_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/auth/testing/fake_provider.hpp"
#include "server/core/testing/account_rig.hpp"

namespace immich::auth {
namespace {

using immich::testing::AccountRig;
using immich::testing::FakeProvider;
using immich::testing::QueryNumber;
using immich::testing::QueryText;
using immich::testing::Refusal;
using immich::testing::WithAccounts;
using ::testing::HasSubstr;
using ::testing::Not;

/// An installation that trusts a provider of its own.
struct OAuthRig {
  explicit OAuthRig(AccountRig& accounts) : rig(accounts), service(rig.db, rig.sessions, rig.config) {}

  Task<void> Configure(std::function<void(api::AdminConfigOAuthDto&)> change = {}) {
    api::AdminConfigDto config = rig.config.current();
    config.oauth.enabled = true;
    config.oauth.allow_insecure_requests = true;
    config.oauth.client_id = "photos";
    config.oauth.client_secret = "secret";
    config.oauth.issuer_url = provider.url();
    if (change) change(config.oauth);
    co_await rig.config.Save(config);
  }
  /// The user comes back from the provider, which says `claims`.
  OAuthReturn Return(std::string claims) {
    provider.id_token = provider.key.Sign(claims);
    return {.url = "https://photos.example.com/auth/login?code=abc&state=xyz", .state = "xyz", .code_verifier = "v"};
  }
  Task<api::LoginResponseDto> LogIn(std::string claims) {
    OAuthReturn returned = Return(std::move(claims));
    ClientDevice device;
    co_return co_await service.Login(std::move(returned), std::move(device));
  }

  AccountRig& rig;
  FakeProvider provider;
  OAuthService service;
};

void WithOAuth(const std::function<Task<void>(OAuthRig&)>& body) {
  WithAccounts([&](AccountRig& accounts) -> Task<void> {
    co_await accounts.AddUser("admin@example.com", true);
    OAuthRig rig(accounts);
    co_await rig.Configure();
    co_await body(rig);
  });
}

TEST(OAuthServiceTest, SendsTheBrowserToTheProvider) {
  WithOAuth([](OAuthRig& rig) -> Task<void> {
    api::OAuthConfigDto request;
    request.redirect_uri = "https://photos.example.com/auth/login";
    const OAuthStart start = co_await rig.service.Authorize(request);
    EXPECT_THAT(start.url, HasSubstr(rig.provider.url() + "/authorize?client_id=photos&response_type=code&redirect_uri="
                                                          "https%3A%2F%2Fphotos.example.com%2Fauth%2Flogin"));
    EXPECT_THAT(start.url, HasSubstr("&scope=openid%20email%20profile&state=" + start.state));
    EXPECT_THAT(start.url, HasSubstr("&code_challenge_method=S256"));
    EXPECT_EQ(start.code_verifier.size(), 43u);
    request.state = "own";
    request.code_challenge = "challenge";
    request.redirect_uri = "app.immich:///oauth-callback";
    co_await rig.Configure([](api::AdminConfigOAuthDto& config) {
      config.mobile_override_enabled = true;
      config.mobile_redirect_uri = "https://photos.example.com/api/oauth/mobile-redirect";
      config.prompt = "login";
    });
    const OAuthStart mobile = co_await rig.service.Authorize(request);
    EXPECT_EQ(mobile.state, "own");
    EXPECT_TRUE(mobile.code_verifier.empty());
    EXPECT_THAT(mobile.url, HasSubstr("code_challenge=challenge"));
    EXPECT_THAT(mobile.url, HasSubstr("mobile-redirect"));
    EXPECT_THAT(mobile.url, HasSubstr("&prompt=login"));
  });
}

TEST(OAuthServiceTest, MakesAccountsFromClaims) {
  WithOAuth([](OAuthRig& rig) -> Task<void> {
    const auto login = co_await rig.LogIn(rig.provider.Claims(
        "u1", R"("email":"New@Example.com","given_name":"Ada","family_name":"L","preferred_username":"ada",
"immich_quota":2,"sid":"s1")"));
    EXPECT_EQ(login.user_email, "new@example.com");
    EXPECT_EQ(login.name, "Ada L");
    EXPECT_FALSE(login.should_change_password);
    EXPECT_EQ((co_await rig.rig.Authenticate(login.access_token)).user.id.value, login.user_id);
    EXPECT_EQ(co_await QueryText(rig.rig.db, R"(SELECT "oauthId" || ' ' || "storageLabel" || ' ' || "quotaSizeInBytes"
                                                FROM "user" WHERE email = 'new@example.com')"),
              "u1 ada 2147483648");
    EXPECT_EQ(co_await QueryText(rig.rig.db, R"(SELECT "oauthSid" FROM session WHERE "oauthBearerToken" IS NOT NULL)"),
              "s1");
    EXPECT_THAT(rig.provider.last_token_request, HasSubstr("code=abc"));
    EXPECT_THAT(rig.provider.last_token_request, HasSubstr("code_verifier=v"));
    EXPECT_THAT(rig.provider.last_token_request, HasSubstr("client_secret=secret"));
    EXPECT_THAT(rig.provider.last_token_request,
                HasSubstr("redirect_uri=https%3A%2F%2Fphotos.example.com%2Fauth%2Flogin&"));
    const auto again = co_await rig.LogIn(rig.provider.Claims("u1", R"("email":"other@example.com")"));
    EXPECT_EQ(again.user_id, login.user_id);
  });
}

TEST(OAuthServiceTest, FindsAccountsByAddressAndKeepsTheirOwner) {
  WithOAuth([](OAuthRig& rig) -> Task<void> {
    const UserId user = co_await rig.rig.AddUser("ada@example.com");
    const auto login = co_await rig.LogIn(rig.provider.Claims("u1", R"("email":"ada@example.com")"));
    EXPECT_EQ(login.user_id, user.value);
    EXPECT_EQ(co_await Refusal(rig.LogIn(rig.provider.Claims("u2", R"("email":"ada@example.com")"))),
              "400 OAuth authentication failed");
    co_await rig.Configure([](api::AdminConfigOAuthDto& config) { config.auto_register = false; });
    EXPECT_TRUE((co_await Refusal(rig.LogIn(rig.provider.Claims("u3", R"("email":"x@example.com")"))))
                    .starts_with("400 User does not exist"));
  });
}

TEST(OAuthServiceTest, AsksForTheProfileWhenTheTokenHasNoAddress) {
  WithOAuth([](OAuthRig& rig) -> Task<void> {
    rig.provider.userinfo = R"({"sub":"u1","email":"info@example.com","name":"Info","immich_role":["x","admin"]})";
    const auto login = co_await rig.LogIn(rig.provider.Claims("u1"));
    EXPECT_EQ(login.user_email, "info@example.com");
    EXPECT_TRUE(login.is_admin);
    rig.provider.userinfo = R"({"sub":"u1","email":"info@example.com","immich_role":"user"})";
    EXPECT_FALSE((co_await rig.LogIn(rig.provider.Claims("u1"))).is_admin) << "the role follows every login";
    rig.provider.userinfo = R"({"sub":"u2"})";
    EXPECT_EQ(co_await Refusal(rig.LogIn(rig.provider.Claims("u2"))),
              "400 OAuth profile does not have an email address");
  });
}

TEST(OAuthServiceTest, TrustsOnlyTheProvidersTokens) {
  WithOAuth([](OAuthRig& rig) -> Task<void> {
    const immich::testing::SigningKey stranger;
    const std::string mail = R"("email":"x@example.com")";
    const auto refusal = [&](std::string token) -> Task<std::string> {
      OAuthReturn returned = rig.Return("{}");
      rig.provider.id_token = std::move(token);
      ClientDevice device;
      co_return co_await Refusal(rig.service.Login(std::move(returned), std::move(device)));
    };
    const std::string failed = "400 OAuth authentication failed";
    EXPECT_EQ(co_await refusal(stranger.Sign(rig.provider.Claims("u", mail))), failed);
    const auto claims = [&](std::string from, std::string to) {
      std::string text = rig.provider.Claims("u", mail);
      return text.replace(text.find(from), from.size(), to);
    };
    EXPECT_EQ(co_await refusal(rig.provider.key.Sign(claims("\"photos\"", "\"other\""))), failed);
    EXPECT_EQ(co_await refusal(rig.provider.key.Sign(claims("\"iss\":\"", "\"iss\":\"x"))), failed);
    EXPECT_EQ(co_await refusal(rig.provider.key.Sign(claims("\"exp\":", "\"exp\":1,\"x\":"))), failed);
    rig.provider.token_status = 400;
    EXPECT_EQ(co_await refusal(rig.provider.key.Sign(rig.provider.Claims("u", mail))), failed);
    EXPECT_EQ(co_await QueryNumber(rig.rig.db, "SELECT count(*) FROM \"user\""), 1);
  });
}

TEST(OAuthServiceTest, ChecksWhatTheBrowserBrings) {
  WithOAuth([](OAuthRig& rig) -> Task<void> {
    const auto refusal = [&](std::function<void(OAuthReturn&)> change) -> Task<std::string> {
      OAuthReturn returned = rig.Return(rig.provider.Claims("u", R"("email":"x@example.com")"));
      change(returned);
      ClientDevice device;
      co_return co_await Refusal(rig.service.Login(std::move(returned), std::move(device)));
    };
    EXPECT_EQ(co_await refusal([](OAuthReturn& it) { it.state.reset(); }), "400 OAuth state is missing");
    EXPECT_EQ(co_await refusal([](OAuthReturn& it) { it.code_verifier.reset(); }),
              "400 OAuth code verifier is missing");
    EXPECT_EQ(co_await refusal([](OAuthReturn& it) { it.state = "other"; }), "400 OAuth authentication failed");
    EXPECT_EQ(co_await refusal([](OAuthReturn& it) { it.url = "https://x/?error=access_denied&state=xyz"; }),
              "400 OAuth authentication failed");
    co_await rig.Configure([](api::AdminConfigOAuthDto& config) { config.allow_insecure_requests = false; });
    EXPECT_EQ(co_await refusal([](OAuthReturn&) {}), "400 OAuth authentication failed");
    co_await rig.Configure([](api::AdminConfigOAuthDto& config) { config.enabled = false; });
    EXPECT_EQ(co_await refusal([](OAuthReturn&) {}), "400 OAuth is not enabled");
  });
}

TEST(OAuthServiceTest, LinksAndUnlinks) {
  WithOAuth([](OAuthRig& rig) -> Task<void> {
    const AuthContext ada = co_await rig.rig.SignIn("ada@example.com");
    const AuthContext bob = co_await rig.rig.SignIn("bob@example.com");
    const auto linked = co_await rig.service.Link(ada, rig.Return(rig.provider.Claims("u1", R"("email":"x@y.z")")));
    EXPECT_EQ(linked.oauth_id, "u1");
    EXPECT_TRUE((co_await Refusal(rig.service.Link(bob, rig.Return(rig.provider.Claims("u1", R"("email":"x@y.z")")))))
                    .starts_with("400 "));
    EXPECT_EQ((co_await rig.service.Unlink(ada)).oauth_id, "");
    co_await rig.service.Link(bob, rig.Return(rig.provider.Claims("u1", R"("email":"x@y.z")")));
    co_await rig.service.UnlinkAll();
    EXPECT_EQ(co_await QueryNumber(rig.rig.db, R"(SELECT count(*) FROM "user" WHERE "oauthId" <> '')"), 0);
  });
}

TEST(OAuthServiceTest, EndsSessionsFromTheBackChannel) {
  WithOAuth([](OAuthRig& rig) -> Task<void> {
    const std::string event = R"("events":{"http://schemas.openid.net/event/backchannel-logout":{}})";
    const std::string mail = R"("email":"x@example.com","sid":)";
    const auto first = co_await rig.LogIn(rig.provider.Claims("u1", mail + R"("s1")"));
    const auto second = co_await rig.LogIn(rig.provider.Claims("u1", mail + R"("s2")"));
    const auto logout = [&](const std::string& claims) -> Task<std::string> {
      co_return co_await Refusal(rig.service.EndSessions(rig.provider.key.Sign(claims)));
    };
    EXPECT_TRUE((co_await logout(rig.provider.Claims("u1"))).starts_with("400 ")) << "no logout event";
    EXPECT_TRUE((co_await logout(rig.provider.Claims("u1", event + R"(,"nonce":"n")"))).starts_with("400 "));
    std::string old = rig.provider.Claims("u1", event);
    old.replace(old.find("\"iat\":"), 6, "\"iat\":1,\"x\":");
    EXPECT_TRUE((co_await logout(old)).starts_with("400 "));
    EXPECT_EQ(co_await logout(rig.provider.Claims("u1", event + R"(,"sid":"s1")")), "accepted");
    EXPECT_EQ(co_await Refusal(rig.rig.Authenticate(first.access_token)), "401 Invalid user token");
    EXPECT_EQ((co_await rig.rig.Authenticate(second.access_token)).user.id.value, second.user_id);
    EXPECT_EQ(co_await logout(rig.provider.Claims("u1", event)), "accepted");
    EXPECT_EQ(co_await Refusal(rig.rig.Authenticate(second.access_token)), "401 Invalid user token");
  });
}

TEST(OAuthServiceTest, KnowsWhereToLogOut) {
  WithOAuth([](OAuthRig& rig) -> Task<void> {
    const auto login = co_await rig.LogIn(rig.provider.Claims("u1", R"("email":"x@example.com")"));
    const AuthContext auth = co_await rig.rig.Authenticate(login.access_token);
    const auto url = co_await rig.service.LogoutUrl(auth.session->id);
    EXPECT_EQ(url, rig.provider.url() + "/logout?id_token_hint=" + rig.provider.id_token);
    EXPECT_THAT((co_await rig.service.LogoutUrl(std::nullopt)).value_or(""), Not(HasSubstr("hint")));
    co_await rig.Configure([](api::AdminConfigOAuthDto& config) { config.issuer_url = "http://127.0.0.1:1"; });
    EXPECT_FALSE((co_await rig.service.LogoutUrl(std::nullopt)).has_value())
        << "logging out works without the provider";
    EXPECT_EQ(OAuthService::MobileRedirect("?code=a"), "app.immich:///oauth-callback?code=a");
  });
}

}  // namespace
}  // namespace immich::auth
