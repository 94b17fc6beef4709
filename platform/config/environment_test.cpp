#include "platform/config/environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "platform/crypto/text_encoding.hpp"
#include "platform/error/error.hpp"
#include "platform/fs/atomic_file.hpp"
#include "platform/testing/temporary_directory.hpp"

namespace immich::config {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

Environment Read(Variables variables) {
  return ReadEnvironment([variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

std::string Complaint(Variables variables) {
  try {
    Read(std::move(variables));
  } catch (const InternalError& error) {
    return error.detail();
  }
  return {};
}

TEST(EnvironmentTest, DefaultsUseEmbeddedServices) {
  const Environment environment = Read({});
  EXPECT_EQ(environment.port, 2283);
  EXPECT_TRUE(environment.uses_embedded_postgres());
  EXPECT_TRUE(environment.uses_embedded_redis());
  EXPECT_THAT(environment.workers, ::testing::ElementsAre("api", "microservices"));
  EXPECT_TRUE(environment.machine_learning_enabled);
  EXPECT_FALSE(environment.log_level.has_value());
}

TEST(EnvironmentTest, DatabasePartsBecomeAnEscapedUrl) {
  const Environment environment =
      Read({{"DB_HOSTNAME", "db"}, {"DB_PASSWORD", "p@ss/word"}, {"DB_PORT", "5433"}, {"DB_SSL_MODE", "require"}});
  EXPECT_EQ(environment.db_url, "postgresql://postgres:p%40ss%2Fword@db:5433/immich?sslmode=require");
}

TEST(EnvironmentTest, AnAccountAloneMeansTheDefaultHost) {
  const Environment environment = Read({{"DB_USERNAME", "immich"}, {"DB_PASSWORD", "secret"}});
  EXPECT_EQ(environment.db_url, "postgresql://immich:secret@database:5432/immich");
  EXPECT_FALSE(environment.uses_embedded_postgres());
}

TEST(EnvironmentTest, DatabaseUrlWinsOverTheParts) {
  EXPECT_EQ(Read({{"DB_URL", "postgresql://x/y"}, {"DB_HOSTNAME", "db"}}).db_url, "postgresql://x/y");
}

TEST(EnvironmentTest, WorkersAreIncludedMinusExcluded) {
  EXPECT_THAT(Read({{"IMMICH_WORKERS_EXCLUDE", "api"}}).workers, ::testing::ElementsAre("microservices"));
  EXPECT_THAT(Read({{"IMMICH_WORKERS_INCLUDE", " api "}}).workers, ::testing::ElementsAre("api"));
  EXPECT_THAT(Complaint({{"IMMICH_WORKERS_EXCLUDE", "api,microservices"}}),
              ::testing::HasSubstr("[IMMICH_WORKERS_INCLUDE]"));
}

TEST(EnvironmentTest, EveryIssueIsListed) {
  const std::string text =
      Complaint({{"IMMICH_PORT", "99999"}, {"IMMICH_LOG_LEVEL", "loud"}, {"DB_SKIP_MIGRATIONS", "maybe"}});
  EXPECT_THAT(text, ::testing::StartsWith("Invalid environment variables:\n  - ["));
  for (const char* name : {"[IMMICH_PORT]", "[IMMICH_LOG_LEVEL]", "[DB_SKIP_MIGRATIONS]"}) {
    EXPECT_THAT(text, ::testing::HasSubstr(name));
  }
}

TEST(EnvironmentTest, MediaLocationMustBeAbsolute) {
  EXPECT_THAT(Complaint({{"IMMICH_MEDIA_LOCATION", "data"}}), ::testing::HasSubstr("[IMMICH_MEDIA_LOCATION]"));
  EXPECT_EQ(Read({{"IMMICH_MEDIA_LOCATION", "/photos/"}}).media_location, "/photos");
}

TEST(EnvironmentTest, RedisUrlHoldsIoredisOptions) {
  const std::string options = R"({"host":"cache","port":6380,"db":3,"password":"secret"})";
  const Environment environment = Read({{"REDIS_URL", "ioredis://" + crypto::ToBase64(crypto::AsBytes(options))}});
  EXPECT_EQ(environment.redis_hostname, "cache");
  EXPECT_EQ(environment.redis_port, 6380);
  EXPECT_EQ(environment.redis_db_index, 3);
  EXPECT_EQ(environment.redis_password, "secret");
  EXPECT_THAT(Complaint({{"REDIS_URL", "redis://cache"}}), ::testing::HasSubstr("[REDIS_URL]"));
}

TEST(EnvironmentTest, TelemetryAllMinusExcluded) {
  const Environment environment = Read({{"IMMICH_TELEMETRY_INCLUDE", "all"}, {"IMMICH_TELEMETRY_EXCLUDE", "io,repo"}});
  EXPECT_THAT(environment.telemetry, ::testing::ElementsAre("host", "api", "job"));
}

TEST(EnvironmentTest, TrustedProxiesAreAddressRanges) {
  EXPECT_THAT(Read({{"IMMICH_TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8,192.168.1.1"}}).trusted_proxies,
              ::testing::ElementsAre("10.0.0.0/8", "fd00::/8", "192.168.1.1"));
  for (const char* bad : {"10.0.0.0/33", "fd00::/129", "10.0.0", "proxy.lan", "10.0.0.0/", "10.0.0.0/8x"}) {
    EXPECT_THAT(Complaint({{"IMMICH_TRUSTED_PROXIES", bad}}), ::testing::HasSubstr("[IMMICH_TRUSTED_PROXIES]")) << bad;
  }
}

TEST(EnvironmentTest, PluginsAndVectorExtension) {
  const Environment environment = Read({{"IMMICH_ALLOW_EXTERNAL_PLUGINS", "yes"},
                                        {"IMMICH_PLUGINS_INSTALL_FOLDER", "/plugins"},
                                        {"DB_VECTOR_EXTENSION", "vectorchord"}});
  EXPECT_TRUE(environment.allow_external_plugins);
  EXPECT_EQ(environment.plugins_install_folder, "/plugins");
  EXPECT_EQ(environment.db_vector_extension, "vectorchord");
  const std::string text =
      Complaint({{"IMMICH_PLUGINS_INSTALL_FOLDER", "plugins"}, {"DB_VECTOR_EXTENSION", "pgvecto.rs"}});
  EXPECT_THAT(text, ::testing::HasSubstr("[IMMICH_PLUGINS_INSTALL_FOLDER]"));
  EXPECT_THAT(text, ::testing::HasSubstr("[DB_VECTOR_EXTENSION]"));
}

TEST(EnvironmentTest, SecretsFromFiles) {
  const immich::testing::TemporaryDirectory directory;
  fs::WriteFileAtomically(directory / "password", "from file\n");
  fs::WriteFileAtomically(directory / "REDIS_PASSWORD", "redis secret\n");
  const Environment environment = Read({{"DB_HOSTNAME", "db"},
                                        {"DB_PASSWORD", "plain"},
                                        {"DB_PASSWORD_FILE", directory / "password"},
                                        {"CREDENTIALS_DIRECTORY", directory.path()}});
  EXPECT_EQ(environment.db_url, "postgresql://postgres:from%20file@db:5432/immich");
  EXPECT_EQ(environment.redis_password, "redis secret");
  EXPECT_THAT(Complaint({{"DB_URL_FILE", "/no/such/file"}}), ::testing::HasSubstr("[DB_URL_FILE]"));
}

TEST(EnvironmentTest, BooleansAreWords) {
  for (const char* yes : {"true", "1", "YES", "on", "y", "Enabled"}) EXPECT_EQ(ParseBool(yes), true) << yes;
  for (const char* no : {"false", "0", "no", "OFF", "n", "disabled"}) EXPECT_EQ(ParseBool(no), false) << no;
  EXPECT_EQ(ParseBool("2"), std::nullopt);
}

TEST(EnvironmentTest, OnlyTheTextFalseTurnsMachineLearningOff) {
  EXPECT_FALSE(Read({{"IMMICH_MACHINE_LEARNING_ENABLED", "false"}}).machine_learning_enabled);
  EXPECT_TRUE(Read({{"IMMICH_MACHINE_LEARNING_ENABLED", "0"}}).machine_learning_enabled);
}

}  // namespace
}  // namespace immich::config
