package dev.tranche.console;

import dev.tranche.Accounts;
import dev.tranche.AuditTrail;
import dev.tranche.Readiness;
import dev.tranche.Tranche;
import dev.tranche.definition.Secrets;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.config.annotation.authentication.configuration.AuthenticationConfiguration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/**
 * The web side of a service. An application that has a security filter chain of its own keeps it,
 * and then says itself who may do what.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
@EnableConfigurationProperties({UserProperties.class, LogInProperties.class})
@Import({
  JobsController.class,
  ExecutionsController.class,
  ActionsController.class,
  AuditController.class,
  SchedulesController.class,
  ErrorAnswers.class,
  Failures.class,
  LogsConfiguration.class
})
public class ConsoleConfiguration {

  @Bean
  Secrets trancheSecrets(ConfigurableEnvironment environment) {
    return Secrets.of(environment);
  }

  @Bean
  Problems trancheProblems(Secrets secrets) {
    return new Problems(secrets);
  }

  @Bean
  Answers trancheAnswers(Secrets secrets) {
    return new Answers(secrets);
  }

  @Bean
  Journal trancheJournal(AuditTrail trail, Secrets secrets) {
    return new Journal(trail, secrets);
  }

  @Bean
  Live trancheLive(Tranche tranche, Secrets secrets) {
    return new Live(tranche, secrets);
  }

  @Bean
  LeaseHealth leaseHealthIndicator(Tranche tranche) {
    return new LeaseHealth(tranche);
  }

  @Bean
  SchedulerHealth schedulerHealthIndicator(ObjectProvider<Readiness> parts) {
    return new SchedulerHealth(parts.stream().toList());
  }

  @Bean
  @ConditionalOnMissingBean
  PasswordEncoder tranchePasswords() {
    return new RememberedPasswords(PasswordEncoderFactories.createDelegatingPasswordEncoder());
  }

  @Bean
  @ConditionalOnMissingBean(UserDetailsService.class)
  Users trancheUsers(
      UserProperties properties, PasswordEncoder encoder, Accounts accounts, InstantSource clock) {
    return properties.users().isEmpty()
        ? Users.generated(accounts, encoder, clock, ConsoleConfiguration::print)
        : new Users(properties.users(), clock);
  }

  /** Not by a logger: it must not get into a file that is kept. */
  private static void print(String password) {
    System.err.println(
        "The password of user '" + Users.ADMIN + "' is  " + password
            + "\nIt is not shown again. Users of your own: tranche.users in"
            + " config/application.yml.");
  }

  @Bean
  @ConditionalOnMissingBean
  RoleHierarchy trancheRoles() {
    return SecurityRules.hierarchy();
  }

  /** As Spring Security's, but for the character 0, which no database can find. */
  @Bean
  @ConditionalOnMissingBean
  StrictHttpFirewall trancheFirewall() {
    StrictHttpFirewall firewall = new StrictHttpFirewall();
    firewall.setAllowedParameterValues(value -> value.indexOf('\0') < 0);
    return firewall;
  }

  @Bean
  @ConditionalOnMissingBean
  SecurityFilterChain trancheSecurity(
      HttpSecurity http,
      AuthenticationConfiguration authentication,
      LogInProperties rule,
      InstantSource clock,
      Journal journal,
      Problems problems) {
    ThrottledLogIn logIn =
        new ThrottledLogIn(
            authentication.getAuthenticationManager(), new WrongPasswords(rule, clock), journal);
    return SecurityRules.chain(http, logIn, new SecurityAnswers(problems));
  }
}
